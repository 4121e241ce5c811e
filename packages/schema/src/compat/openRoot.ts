import type { JsonSchema } from '../documents/jsonSchema.ts'
import { accepts } from './accepts.ts'

/** A document with what its `$ref`s lead to, and a quick answer to "is this value valid under this part of it?". */
export interface Root {
  resolve: (schema: JsonSchema) => JsonSchema
  accepts: (schema: JsonSchema, value: unknown) => boolean
}

/** Opens a document for questions about its parts. */
export const openRoot = ({ $defs = {} }: JsonSchema): Root => {
  const resolve = (schema: JsonSchema) => (schema.$ref ? $defs[schema.$ref.replace('#/$defs/', '')]! : schema)
  return { resolve, accepts: (schema, value) => accepts(schema, value, resolve) }
}
