import * as z from 'zod'
import { type JsonSchema, unknownKeywords } from './jsonSchema.ts'

/** Whose document: what a producer may send (closed), or what a reader must take (open). */
export type Role = 'producer' | 'reader'

const RENAMED = {
  unit: 'x-unit',
  purpose: 'x-purpose',
  class: 'x-class',
  since: 'x-since',
  open: 'x-open',
  maxDepth: 'x-max-depth',
  maxBytes: 'x-max-bytes',
}

/** A schema says something that the published documents have no keyword for, such as an excluded upper bound. */
export class UnsupportedKeywordError extends Error {
  override readonly name = 'UnsupportedKeywordError'
  constructor(keyword: string, description = 'a field') {
    super(`${description}: ${keyword} is a keyword that the published documents do not use`)
  }
}

type Draft = JsonSchema & Record<string, unknown>

/** Puts our metadata under `x-` names, where JSON Schema leaves room for it. */
const rename = (schema: Draft) => {
  for (const [name, published] of Object.entries(RENAMED)) {
    if (!(name in schema)) continue
    schema[published] = schema[name]
    delete schema[name]
  }
}

/** Holds producers to the agreed words of an open enum; readers take any. */
const closeOpenEnum = (schema: Draft, role: Role) => {
  if (!schema['x-open'] || role === 'reader') return
  schema.enum = schema['x-open']
  delete schema.minLength
  delete schema.maxLength
}

/** Writes "a thing or null" as a list of types, which generators of code understand better than `anyOf`. */
const flattenNullable = (schema: Draft) => {
  const [inner, nothing] = schema.anyOf ?? []
  if (nothing?.type !== 'null' || typeof inner?.type !== 'string') return
  delete schema.anyOf
  Object.assign(schema, inner, { type: [inner.type, 'null'] })
  if (schema.enum) schema.enum = [...schema.enum, null]
}

/** A Zod schema as JSON Schema 2020-12 for one role, with the contract's metadata. */
export const toJsonSchema = (schema: z.ZodType, role: Role): JsonSchema => {
  const { $schema: _, ...document } = z.toJSONSchema(schema, {
    io: role === 'producer' ? 'output' : 'input',
    override: ({ jsonSchema }) => {
      const draft = jsonSchema as Draft
      rename(draft)
      closeOpenEnum(draft, role)
      flattenNullable(draft)
      const [unknown] = unknownKeywords(draft)
      if (unknown) throw new UnsupportedKeywordError(unknown, draft.description)
    },
  })
  return document as JsonSchema
}
