import type { ErrorObject } from 'ajv'
import { createValidator, type Validator } from '../compat/createValidator.ts'
import { readVersion } from '../compat/readVersion.ts'
import { compileCheck } from '../jsonSchema/compileCheck.ts'
import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'
import type { ContractFolder } from '../publish/contractFolder.ts'
import { nearest } from './hintOf.ts'
import type { Problem } from './judge.ts'

/** A document with a quick yes; ajv says what is wrong with the rest. */
const openDocument = (schema: JsonSchema) => {
  const isValid = compileCheck(schema)
  let validator: Validator | undefined
  return {
    schema,
    faultOf: (value: unknown): ErrorObject | undefined => {
      if (isValid(value)) return undefined
      validator ??= createValidator(schema)
      return validator(value) ? undefined : validator.errors![0]
    },
  }
}

type Document = ReturnType<typeof openDocument>
type Producer = { header: Document; events: Map<string, Document> }

const compile = (folder: string): Producer => {
  const { producer } = readVersion(folder)
  const { $defs = {}, ...header } = producer
  const events = { ...header.properties!.events }
  delete events.items
  return {
    header: openDocument({ ...header, properties: { ...header.properties, events } }),
    events: new Map(Object.entries($defs).map(([type, schema]) => [type, openDocument(schema)])),
  }
}

const typeOf = (event: { type?: unknown } | null) => (typeof event?.type === 'string' ? event.type : '')

const pointer = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`

const toProblem = (error: ErrorObject, at: string, spec: string, schema: JsonSchema | undefined): Problem => {
  const { keyword, instancePath, params, message } = error as ErrorObject & {
    params: Record<string, unknown>
  }
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty)
    const like = instancePath === '' ? nearest(name, Object.keys(schema?.properties ?? {})) : undefined
    return {
      code: 'unknown_field',
      path: `${at}${instancePath}${pointer(name)}`,
      message: `Wire version ${spec} has no such field`,
      ...(like && { hint: `did you mean \`${like}\`? What is your own belongs into ext` }),
    }
  }
  const words = keyword === 'enum' ? `: ${(params.allowedValues as string[]).join(', ')}` : ''
  return {
    code: keyword === 'enum' ? 'unknown_word' : 'not_in_version',
    path: `${at}${instancePath}`,
    message: `Wire version ${spec} ${message}${words}`,
  }
}

/**
 * Holds what the ingest would take to the producer's document of its own wire version: misspelt fields, words that were
 * not agreed, types and fields of a later version. Problems by the index of their event; those of the header at -1.
 */
export const strictFaults = (contract: ContractFolder) => {
  const published = new Set(contract.versions())
  const producers = new Map<string, Producer | undefined>()
  return (batch: { spec: string; events: { type?: unknown }[] }): Map<number, Problem> => {
    const { spec } = batch
    if (!producers.has(spec)) {
      producers.set(spec, published.has(spec) ? compile(contract.version(spec)) : undefined)
    }
    const producer = producers.get(spec)
    if (!producer)
      return new Map([
        [-1, { code: 'not_in_version', path: '/spec', message: `Wire version ${spec} is not published` }],
      ])
    const faults = new Map<number, Problem>()
    const wrong = producer.header.faultOf(batch)
    if (wrong) faults.set(-1, toProblem(wrong, '', spec, undefined))
    batch.events.forEach((event, index) => {
      const at = `/events/${index}`
      const known = producer.events.get(typeOf(event))
      if (!known) {
        const like = nearest(typeOf(event), [...producer.events.keys()])
        faults.set(index, {
          code: 'unknown_type',
          path: `${at}/type`,
          message: `Wire version ${spec} has no such event type`,
          ...(like && { hint: `did you mean "${like}"?` }),
        })
      } else {
        const fault = known.faultOf(event)
        if (fault) faults.set(index, toProblem(fault, at, spec, known.schema))
      }
    })
    return faults
  }
}
