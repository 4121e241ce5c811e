import { createHash } from 'node:crypto'
import { batchHeader } from '../batch.ts'
import { unknownEvent } from '../envelope.ts'
import { eventSchemas } from '../events/index.ts'
import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'
import { type Role, toJsonSchema } from '../jsonSchema/toJsonSchema.ts'
import { orderRules } from '../order/orderRules.ts'
import { recordHeader, upcastFrom } from '../record.ts'
import { viewRecord } from '../viewRecord.ts'

/** Documents of one wire version: JSON texts by their paths within the version's folder. */
export type Documents = Record<string, string>

/** How every generated JSON file is written: two spaces, and a newline at the end. */
export const toText = (document: unknown) => `${JSON.stringify(document, null, 2)}\n`

/** SHA-256 of a text's UTF-8 bytes, in hexadecimal. */
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The reader's fallback: any type but those that have a schema of their own, so that a malformed one cannot pass. */
const unknownDocument = (): JsonSchema => {
  const document = toJsonSchema(unknownEvent, 'reader')
  const type = { ...document.properties!.type, not: { enum: [...eventSchemas.keys()] } }
  return { ...document, properties: { ...document.properties, type } }
}

const batchDocument = (version: string, role: Role): JsonSchema => {
  const header = toJsonSchema(batchHeader, role)
  const $defs = Object.fromEntries(
    [...eventSchemas].map(([type, schema]) => [type, toJsonSchema(schema, role)]),
  )
  if (role === 'reader') $defs.unknown_type = unknownDocument()
  const items = { anyOf: Object.keys($defs).map((name) => ({ $ref: `#/$defs/${name}` })) }
  const { spec, events } = header.properties!
  const { pattern, ...said } = spec!
  return {
    ...header,
    properties: {
      ...header.properties,
      spec:
        role === 'producer'
          ? { ...said, const: version, examples: [version] }
          : { pattern: pattern!, ...said },
      events: { ...events, items },
    },
    $defs,
  }
}

const recordDocument = (version: string): JsonSchema => {
  const { $defs, ...batch } = batchDocument(version, 'reader')
  const record = toJsonSchema(recordHeader, 'reader')
  const said = record.properties!.batch!
  const properties = { ...batch.properties, upcast_from: toJsonSchema(upcastFrom, 'reader') }
  return {
    ...record,
    properties: { ...record.properties, batch: { ...batch, properties, ...said } },
    $defs: $defs!,
  }
}

/** Writes every published document of a wire version from the schemas as they are in the source. */
export const versionDocuments = (version: string): Documents => {
  const documents: Documents = {}
  const add = (path: string, title: string, schema: JsonSchema) => {
    const $id = `urn:viewbeat:${version}:${path.replace(/\.json$/, '').replaceAll('/', ':')}`
    const $schema = 'https://json-schema.org/draft/2020-12/schema'
    documents[path] = toText({ $schema, $id, title, ...schema })
  }
  for (const role of ['producer', 'reader'] as const) {
    add(`${role}/batch.json`, 'batch', batchDocument(version, role))
    for (const [type, schema] of eventSchemas)
      add(`${role}/events/${type}.json`, type, toJsonSchema(schema, role))
  }
  add('reader/record.json', 'record', recordDocument(version))
  add('reader/view.json', 'view record', toJsonSchema(viewRecord, 'reader'))
  documents['order-rules.json'] = toText(orderRules.map(({ name, says }) => ({ name, says })))
  documents['index.json'] = toText({
    version,
    event_types: [...eventSchemas.keys()],
    files: Object.fromEntries(Object.entries(documents).map(([path, text]) => [path, sha256(text)])),
  })
  return documents
}
