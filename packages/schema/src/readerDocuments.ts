import { batchHeader } from './batch.ts'
import { unknownEvent } from './envelope.ts'
import { eventSchemas } from './events/index.ts'
import type { JsonSchema } from './jsonSchema/jsonSchema.ts'
import { toJsonSchema } from './jsonSchema/toJsonSchema.ts'

/**
 * What readers must take, as JSON Schema. Writing it takes Zod a tenth of a second, so that a bundle whose cold start
 * matters has this module's value written in when it is built: the ingest's does.
 */
export const readerDocuments: {
  header: JsonSchema
  unknown: JsonSchema
  events: Record<string, JsonSchema>
} = {
  header: toJsonSchema(batchHeader, 'reader'),
  unknown: toJsonSchema(unknownEvent, 'reader'),
  events: Object.fromEntries(
    [...eventSchemas].map(([type, schema]) => [type, toJsonSchema(schema, 'reader')]),
  ),
}
