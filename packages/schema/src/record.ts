import type { Batch } from './batch.ts'
import type { Rejection } from './rejection.ts'

/** What the server learned of the sender from the request. No address is kept whole. */
export interface Client {
  /** The network: /24 of IPv4, /48 of IPv6. */
  ip_prefix?: string
  /** ISO 3166-1 alpha-2. */
  country?: string
  region?: string
  browser?: string
  os?: string
  device_type?: string
  bot?: boolean
}

/** What the stream holds: one accepted batch and what the server added. The partition key is `batch.view_id`. */
export interface StreamRecord {
  v: 1
  /** The server's clock when the batch arrived, epoch ms. */
  received_at: number
  publisher: string
  client: Client
  batch: Batch
}

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
