import { type Check, compileCheck } from '../jsonSchema/compileCheck.ts'
import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'

/** A document with what its `$ref`s lead to, and a quick answer to "is this value valid under this part of it?". */
export interface Root {
  resolve: (schema: JsonSchema) => JsonSchema
  accepts: (schema: JsonSchema, value: unknown) => boolean
}

/** Opens a document for questions about its parts. What was compiled is kept. */
export const openRoot = ({ $defs = {} }: JsonSchema): Root => {
  const compiled = new Map<JsonSchema, Check>()
  return {
    resolve: (schema) => (schema.$ref ? $defs[schema.$ref.replace('#/$defs/', '')]! : schema),
    accepts: (schema, value) => {
      const check = compiled.get(schema) ?? compileCheck(schema, $defs)
      compiled.set(schema, check)
      return check(value)
    },
  }
}
