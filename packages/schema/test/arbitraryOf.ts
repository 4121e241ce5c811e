import fc from 'fast-check'
import type { JsonSchema, JsonType } from '../src/jsonSchema/jsonSchema.ts'

const clamp = (limit: number | undefined, otherwise: number) =>
  limit === undefined || Math.abs(limit) > 2 ** 40 ? otherwise : limit

const low = ({ minimum }: JsonSchema) => clamp(minimum, -1e6)

const anyJson = fc.jsonValue({ maxDepth: 1 })

/** Costly to make, and the same few patterns come again and again. */
const patterns = new Map<string, fc.Arbitrary<string>>()
const ofPattern = ({ pattern = '', minLength = 0, maxLength = 64 }: JsonSchema) => {
  const matching = patterns.get(pattern) ?? fc.stringMatching(new RegExp(pattern, 'u'))
  patterns.set(pattern, matching)
  return matching.filter((text) => [...text].length >= minLength && [...text].length <= maxLength)
}

const ofNumber = ({ minimum, exclusiveMinimum, maximum }: JsonSchema) =>
  fc.double({
    min: clamp(minimum ?? exclusiveMinimum, -1e6),
    minExcluded: exclusiveMinimum !== undefined,
    max: Math.max(clamp(minimum ?? exclusiveMinimum, -1e6) + 1, clamp(maximum, 1e6)),
    noNaN: true,
    noDefaultInfinity: true,
  })

/** Values that a document accepts: its bounds, its optional fields there or not, unknown fields where it is open. */
export const arbitraryOf = (document: JsonSchema): fc.Arbitrary<unknown> => {
  const ofObject = (schema: JsonSchema): fc.Arbitrary<unknown> => {
    const { properties = {}, required = [], additionalProperties, propertyNames } = schema
    const known = fc.record(
      Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, of(field)])),
      { requiredKeys: required },
    )
    if (additionalProperties === false) return known
    const values = typeof additionalProperties === 'object' ? of(additionalProperties) : anyJson
    const names = (
      propertyNames ? of(propertyNames) : fc.constantFrom('x_one', 'x_two')
    ) as fc.Arbitrary<string>
    const others = fc.dictionary(
      names.filter((name) => !(name in properties) && name !== '__proto__'),
      values,
      { maxKeys: 2, noNullPrototype: true },
    )
    return fc.tuple(known, others).map(([fields, more]) => ({ ...more, ...fields }))
  }

  const ofType = (type: JsonType, schema: JsonSchema): fc.Arbitrary<unknown> => {
    switch (type) {
      case 'object':
        return ofObject(schema)
      case 'array':
        return fc.array(of(schema.items ?? {}), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3)),
        })
      case 'string':
        if (schema.pattern) return ofPattern(schema)
        return fc
          .string({
            minLength: schema.minLength ?? 0,
            maxLength: Math.max(schema.minLength ?? 0, schema.maxLength ?? 64),
            size: 'max',
            unit: 'grapheme-ascii',
          })
          .filter((text) => !schema.not?.enum.includes(text))
      case 'integer':
        return fc.integer({ min: low(schema), max: Math.max(low(schema), clamp(schema.maximum, 1e6)) })
      case 'number':
        return ofNumber(schema)
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
    }
  }

  const of = (schema: JsonSchema): fc.Arbitrary<unknown> => {
    if (schema.$ref) return of(document.$defs![schema.$ref.replace('#/$defs/', '')]!)
    if (schema.const !== undefined) return fc.constant(schema.const)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map(of))
    if (!schema.type) return anyJson
    return fc.oneof(...[schema.type].flat().map((type) => ofType(type, schema)))
  }

  return of(document)
}
