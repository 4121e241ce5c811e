import type { JsonSchema, JsonType } from '../documents/jsonSchema.ts'
import { depthOf } from './createValidator.ts'

const typeOf = (value: unknown): JsonType => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as JsonType
}

const isType = (type: JsonType, value: unknown) =>
  type === 'integer' ? Number.isInteger(value) : type === typeOf(value)

const patterns = new Map<string, RegExp>()
const matches = (pattern: string, text: string) => {
  const regex = patterns.get(pattern) ?? new RegExp(pattern, 'u')
  patterns.set(pattern, regex)
  return regex.test(text)
}

const acceptsNumber = ({ minimum, maximum, exclusiveMinimum }: JsonSchema, value: number) =>
  !(minimum !== undefined && value < minimum) &&
  !(maximum !== undefined && value > maximum) &&
  !(exclusiveMinimum !== undefined && value <= exclusiveMinimum)

const acceptsString = ({ minLength = 0, maxLength, pattern, not }: JsonSchema, value: string) => {
  const length = [...value].length
  if (length < minLength || length > (maxLength ?? length)) return false
  return !(pattern && !matches(pattern, value)) && !not?.enum.includes(value)
}

/**
 * Says whether a value is valid under a schema of the part of JSON Schema that `JsonSchema` names. The search for
 * counter-examples asks it many thousand times, which compiling each part with ajv would make slow; what it finds, ajv
 * confirms.
 */
export const accepts = (
  schema: JsonSchema,
  value: unknown,
  resolve: (schema: JsonSchema) => JsonSchema,
): boolean => {
  const { type, const: only, enum: words, anyOf, ...rest } = resolve(schema)
  const inner = (part: JsonSchema, child: unknown) => accepts(part, child, resolve)
  if (type && ![type].flat().some((name) => isType(name, value))) return false
  if (only !== undefined && value !== only) return false
  if (words && !words.includes(value)) return false
  if (anyOf && !anyOf.some((branch) => inner(branch, value))) return false
  if (rest['x-max-depth'] !== undefined && depthOf(value) > rest['x-max-depth']) return false
  if (rest['x-max-bytes'] !== undefined && Buffer.byteLength(JSON.stringify(value)) > rest['x-max-bytes'])
    return false
  if (typeof value === 'number') return acceptsNumber(rest, value)
  if (typeof value === 'string') return acceptsString(rest, value)
  if (Array.isArray(value)) {
    const { items, minItems = 0, maxItems = value.length } = rest
    return (
      value.length >= minItems &&
      value.length <= maxItems &&
      (!items || value.every((item) => inner(items, item)))
    )
  }
  if (typeof value !== 'object' || value === null) return true
  const { properties = {}, required = [], additionalProperties = true, propertyNames } = rest
  return (
    required.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, child]) => {
      if (propertyNames && !inner(propertyNames, name)) return false
      const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
      return typeof known === 'boolean' ? known : inner(known!, child)
    })
  )
}
