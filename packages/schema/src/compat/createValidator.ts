import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { depthOf } from '../jsonSchema/depthOf.ts'
import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'

/** Says whether a value is valid; `errors` are those of the last value that was not. */
export interface Validator {
  (value: unknown): boolean
  errors?: ErrorObject[] | null
}

/**
 * Compiles a published document; a keyword that ajv does not know is an error. Beside the standard's own keywords it checks the two of ours that
 * bear on validity: `x-max-depth` and `x-max-bytes`. `plain` leaves these out, as a validator that never heard of us.
 */
export const createValidator = (schema: JsonSchema, { plain = false } = {}): Validator => {
  // The documents are large and mostly used once: quick to compile matters more here than quick to run.
  const quick = { validateSchema: false, inlineRefs: false, code: { optimize: false } }
  const ajv = new Ajv2020({ strict: false, strictSchema: true, ...quick })
  ajv.addVocabulary(['x-unit', 'x-purpose', 'x-class', 'x-since', 'x-open'])
  ajv.addKeyword({
    keyword: 'x-max-depth',
    validate: (limit: number, value: unknown) => plain || depthOf(value, limit) <= limit,
  })
  ajv.addKeyword({
    keyword: 'x-max-bytes',
    validate: (limit: number, value: unknown) => plain || Buffer.byteLength(JSON.stringify(value)) <= limit,
  })
  return ajv.compile(schema)
}
