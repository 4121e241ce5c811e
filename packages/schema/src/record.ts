import * as z from 'zod'
import type { Batch } from './batch.ts'
import { client } from './client.ts'
import { count, group, text } from './fields.ts'
import type { Rejection } from './rejection.ts'

/** What the server adds around a batch. The published document puts the batch itself in the place of `batch`. */
export const recordHeader = group(
  { purpose: 'clock' },
  {
    v: z.literal(1).describe('version of the record'),
    received_at: count().describe("the server's clock when the batch arrived"),
    publisher: text(64).describe('whose key it came with').meta({ purpose: 'audience' }),
    client: client
      .describe('what the server knows of the sender')
      .meta({ purpose: 'environment', class: 'identity' }),
    batch: z
      .unknown()
      .describe('the batch, brought to the newest wire version of its major')
      .meta({ purpose: 'state', class: 'viewing' }),
  },
).describe('what the stream holds: one accepted batch and what the server added')

/** What the server adds to a batch that it brought to a newer wire version. */
export const upcastFrom = z
  .string()
  .regex(/^[0-9]{1,3}\.[0-9]{1,3}$/)
  .meta({
    description: 'the wire version it came in',
    unit: 'none',
    purpose: 'order',
    class: 'technical',
    since: '1.1',
  })

/** What the stream holds: one accepted batch and what the server added. The partition key is `batch.view_id`. */
export type StreamRecord = Omit<z.infer<typeof recordHeader>, 'batch'> & { batch: Batch }

/** A record from bytes, or why they are none. */
export type DecodedRecord = { ok: true; record: StreamRecord } | { ok: false; rejection: Rejection }

/** One line of JSON with its newline, so that readers that only concatenate records still find lines. */
export const encodeRecord = (record: StreamRecord): Uint8Array => Buffer.from(`${JSON.stringify(record)}\n`)

/** Reads what `encodeRecord` wrote. Never throws: bytes that are no record are a value with a reason. */
export const decodeRecord = (bytes: Uint8Array): DecodedRecord => {
  const refuse = (path: string, message: string): DecodedRecord => ({
    ok: false,
    rejection: { code: 'unreadable', path, message },
  })
  let record: StreamRecord
  try {
    record = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  } catch {
    return refuse('', 'Not JSON')
  }
  if (record?.v !== 1) return refuse('/v', 'Expected record version 1')
  if (typeof record.received_at !== 'number') return refuse('/received_at', 'Expected a number')
  if (typeof record.publisher !== 'string') return refuse('/publisher', 'Expected a string')
  if (typeof record.batch?.view_id !== 'string') return refuse('/batch/view_id', 'Expected a string')
  if (!Array.isArray(record.batch.events)) return refuse('/batch/events', 'Expected an array')
  if (
    !record.batch.events.every((event) => Number.isSafeInteger(event?.seq) && typeof event.type === 'string')
  )
    return refuse('/batch/events', 'Expected events with seq and type')
  return { ok: true, record }
}
