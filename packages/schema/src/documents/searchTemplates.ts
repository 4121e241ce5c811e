import { batchHeader } from '../batch.ts'
import { unknownEvent } from '../envelope.ts'
import { eventSchemas } from '../events/index.ts'
import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'
import { toJsonSchema } from '../jsonSchema/toJsonSchema.ts'
import { recordHeader, upcastFrom } from '../record.ts'
import { viewRecord } from '../viewRecord.ts'

/** A field as OpenSearch indexes it: https://docs.opensearch.org/latest/field-types/supported-field-types/index/ */
export type FieldMapping =
  | { type: 'keyword' | 'text' | 'long' | 'double' | 'boolean' }
  | { type: 'date'; format: 'epoch_millis' }
  | { type: 'object'; enabled: false }
  | { properties: Record<string, FieldMapping> }

/** An index template: https://docs.opensearch.org/latest/im-plugin/index-templates/ */
export interface IndexTemplate {
  index_patterns: string[]
  priority: number
  template: {
    settings: Record<string, string | boolean>
    mappings: { dynamic: false; properties: Record<string, FieldMapping> }
  }
}

/** Two event types have a field of one name that cannot be indexed as one. */
export class MappingConflictError extends Error {
  override readonly name = 'MappingConflictError'
  constructor(path: string) {
    super(`${path}: event types differ in its type, which an index cannot have`)
  }
}

/** Sentences that somebody looks for words in; every other string is looked for as a whole. */
const SENTENCES = new Set(['message', 'title'])

/** Kept and given back, but not indexed: anything may be in it. */
const OPAQUE: FieldMapping = { type: 'object', enabled: false }

const toField = (name: string, schema: JsonSchema): FieldMapping => {
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null')
  if (types.length !== 1) return OPAQUE
  switch (types[0]) {
    case 'integer':
      return schema['x-unit'] === 'epoch ms' ? { type: 'date', format: 'epoch_millis' } : { type: 'long' }
    case 'number':
      return { type: 'double' }
    case 'boolean':
      return { type: 'boolean' }
    case 'string':
      return { type: SENTENCES.has(name) ? 'text' : 'keyword' }
    case 'array':
      return schema.items ? toField(name, schema.items) : OPAQUE
    default:
      return schema.properties ? { properties: toFields(schema.properties) } : OPAQUE
  }
}

const toFields = (properties: Record<string, JsonSchema>): Record<string, FieldMapping> =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, toField(name, schema)]))

const merge = (into: Record<string, FieldMapping>, fields: Record<string, FieldMapping>, path = '') => {
  for (const [name, field] of Object.entries(fields)) {
    const known = into[name]
    if (known === undefined) into[name] = field
    else if ('properties' in known && 'properties' in field)
      merge(known.properties, field.properties, `${path}${name}.`)
    else if (JSON.stringify(known) !== JSON.stringify(field)) throw new MappingConflictError(path + name)
  }
}

const propertiesOf = (...args: Parameters<typeof toJsonSchema>) => toJsonSchema(...args).properties!

/** The fields of a flat event: of every type, of its batch, and what the server added. */
const eventFields = (): Record<string, FieldMapping> => {
  const { batch: _, v: __, ...record } = propertiesOf(recordHeader, 'reader')
  const { events: ___, ...batch } = propertiesOf(batchHeader, 'reader')
  const fields = toFields({ ...batch, ...record, upcast_from: toJsonSchema(upcastFrom, 'reader') })
  for (const schema of [unknownEvent, ...eventSchemas.values()])
    merge(fields, toFields(propertiesOf(schema, 'reader')))
  // The view records are where totals are searched. Indexed with each heartbeat as well they would cost more than all the rest.
  return { ...fields, totals: OPAQUE }
}

const templateOf = (pattern: string, properties: Record<string, FieldMapping>): IndexTemplate => ({
  index_patterns: [pattern],
  priority: 100,
  template: {
    settings: {
      // Said, so that an index that nobody asked for half a minute refreshes all the same.
      'index.refresh_interval': '1s',
      // A newer event type may have a field of a known name with another kind of number: the event is worth more than it.
      'index.mapping.ignore_malformed': true,
    },
    mappings: { dynamic: false, properties },
  },
})

/** The index templates of the search sink by their names: what is indexed follows from the schemas, and nothing else does. */
export const searchTemplates = (): Record<'viewbeat-events' | 'viewbeat-views', IndexTemplate> => ({
  'viewbeat-events': templateOf('viewbeat-events-*', eventFields()),
  'viewbeat-views': templateOf('viewbeat-views', toFields(propertiesOf(viewRecord, 'reader'))),
})
