import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { JsonSchema } from '../documents/jsonSchema.ts'

/** Says whether a value is valid; `errors` are those of the last value that was not. */
export interface Validator {
  (value: unknown): boolean
  errors?: ErrorObject[] | null
}

/** How deep a JSON value nests, itself included. */
export const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

/**
 * Compiles a published document, in ajv's strict mode. Beside the standard's own keywords it checks the two of ours that
 * bear on validity: `x-max-depth` and `x-max-bytes`. `plain` leaves these out, as a validator that never heard of us.
 */
export const createValidator = (schema: JsonSchema, { plain = false } = {}): Validator => {
  // The documents are large and mostly used once: quick to compile matters more here than quick to run.
  const quick = { validateSchema: false, inlineRefs: false, code: { optimize: false } }
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, ...quick })
  ajv.addVocabulary(['x-unit', 'x-purpose', 'x-class', 'x-since', 'x-open'])
  ajv.addKeyword({
    keyword: 'x-max-depth',
    validate: (limit: number, value: unknown) => plain || depthOf(value) <= limit,
  })
  ajv.addKeyword({
    keyword: 'x-max-bytes',
    validate: (limit: number, value: unknown) => plain || Buffer.byteLength(JSON.stringify(value)) <= limit,
  })
  return ajv.compile(schema)
}
