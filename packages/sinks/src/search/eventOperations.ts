import { type FlatEvent, flattenRecord } from '@viewbeat/schema'
import type { PlacedRecord } from '../consume/readRecords.ts'
import { toLines } from '../consume/toLines.ts'
import { eventIndexOf } from './eventIndexOf.ts'
import type { BulkOperation } from './searchIndex.ts'

/** An event that is to be stored, and the record it came with. */
export interface EventOperation {
  placed: PlacedRecord
  event: FlatEvent
  operation: BulkOperation & { op: 'create' }
}

/** An id may have so many bytes; one that is longer fails the whole call: OpenSearch's IndexRequest. */
const MAX_ID_BYTES = 512

/**
 * What the documents of a record may come to, in characters: the context stands in each of them, so that a large one with many
 * events comes to hundreds of times the record. What the SDK sends comes to a kilobyte an event (bench/archive.mjs).
 */
const MAX_DOCUMENTS = 8 * 1024 * 1024

/**
 * The creates of a record's events, by the event's identity as their id. Throws a `RangeError` where the record has what
 * cannot be stored or folded.
 */
export const eventOperations = (placed: PlacedRecord): EventOperation[] => {
  const { record } = placed
  const { view_id } = record.batch
  // Nothing but the ingest writes to the stream; whatever else does must not stop it.
  if (record.batch.events.length > 0 && typeof record.batch.sdk?.name !== 'string')
    throw new RangeError('no sdk.name')
  if (Buffer.byteLength(view_id) > MAX_ID_BYTES - 20) throw new RangeError('view_id is too long for an id')
  const documents = toLines(record)
  if (documents.reduce((size, { length }) => size + length, 0) > MAX_DOCUMENTS)
    throw new RangeError('too large with its context in each event')
  return flattenRecord(record).map((event, place) => ({
    placed,
    event,
    operation: {
      op: 'create',
      index: eventIndexOf(event),
      id: `${view_id}-${event.seq}`,
      document: documents[place]!.trimEnd(),
    },
  }))
}
