import type { JsonSchema, JsonType } from '../jsonSchema/jsonSchema.ts'
import type { Root } from './openRoot.ts'

const ALL_TYPES: JsonType[] = ['object', 'array', 'string', 'number', 'boolean', 'null']

/** The types a schema may take; all of them when it does not say. */
export const typesOf = ({ type }: JsonSchema): JsonType[] => (type ? [type].flat() : ALL_TYPES)

const strings = ({ examples = [], minLength = 0, maxLength = 64 }: JsonSchema): string[] => {
  const seeds = [...(examples as string[]), 'x', 'a.b', '0', 'X', ' ', '?', '#', '@', 'é', '']
  const padded = seeds.flatMap((seed) => [
    seed,
    `${seed}x`,
    `${seed}0`,
    seed.padEnd(minLength, 'x'),
    seed.padEnd(maxLength, 'x'),
    seed.slice(0, maxLength),
  ])
  return [...new Set(padded)]
}

const numbers = ({ minimum, maximum, exclusiveMinimum }: JsonSchema): number[] => {
  const low = minimum ?? exclusiveMinimum ?? 0
  return [0, low, 1, 0.5, low + 0.5, low + 1, maximum ?? 2, -1, -0.5]
}

const candidatesOf = (type: JsonType, schema: JsonSchema, root: Root): unknown[] => {
  switch (type) {
    case 'string':
      return strings(schema)
    case 'integer':
    case 'number':
      return numbers(schema)
    case 'boolean':
      return [false, true]
    case 'null':
      return [null]
    case 'array':
      return [Array.from({ length: schema.minItems ?? 0 }, () => minimalOf(schema.items ?? {}, root))]
    case 'object': {
      const required = (schema.required ?? []).map(
        (name) => [name, minimalOf(schema.properties?.[name] ?? {}, root)] as const,
      )
      return [Object.fromEntries(required)]
    }
  }
}

/** Some values that are valid under a schema, the smallest first: where counter-examples are looked for. */
export function* samplesOf(schema: JsonSchema, root: Root): Generator<unknown, undefined> {
  const resolved = root.resolve(schema)
  const { const: only, enum: words, anyOf, ...rest } = resolved
  if (only !== undefined) yield only
  else if (words) yield* words
  else if (anyOf) for (const branch of anyOf) yield* samplesOf(branch, root)
  else
    for (const type of typesOf(rest))
      for (const value of candidatesOf(type, rest, root)) if (root.accepts(resolved, value)) yield value
  return undefined
}

/** The smallest value of a schema: no optional fields, the fewest items. */
export const minimalOf = (schema: JsonSchema, root: Root): unknown => samplesOf(schema, root).next().value
