import {
  type Batch,
  decodeRecord,
  encodeRecord,
  MAX_RECORD_BYTES,
  type QuarantineEntry,
  type StreamRecord,
} from '@viewbeat/schema'
import type { OutgoingRecord } from '../../records/toRecord.ts'
import type { Identities, Ledger } from './openLedger.ts'
import type { Left } from './toPosts.ts'

/** A record that goes on the stream again, and the events in it. */
export interface Reput extends Identities {
  record: OutgoingRecord
}

/** What is to be done with an entry of a sink: put its record again, leave it, or nothing because it was put before. */
export interface ReputPlan {
  reput?: Reput
  left: Left[]
  /** Events of it that were put by an earlier run, or by this one for another entry. */
  landed: number
}

/**
 * The record that an entry kept. A batch alone has lost what the server had added; its sender then stays unknown.
 */
const readRecord = ({ batch, body_base64, publisher, received_at }: QuarantineEntry) => {
  if (body_base64 !== undefined) return decodeRecord(Buffer.from(body_base64, 'base64'))
  if (publisher === undefined) return undefined
  const record: StreamRecord = { v: 1, received_at, publisher, client: {}, batch: batch as Batch }
  return decodeRecord(encodeRecord(record))
}

/**
 * Plans an entry of a sink. What a sink refused was accepted by the ingest, and other sinks have it: so its record goes
 * on the stream again as it was, with the time and the sender it came with, and every sink drops the copies of what it
 * has. Posted to the ingest it would come from whoever re-drives it, and now. Of two entries for the same record, by its
 * sequence number, one is put; a record that is refused once more has a new one.
 */
export const toReput = (entry: QuarantineEntry, ledger: Pick<Ledger, 'hasLanded' | 'begin'>): ReputPlan => {
  const decoded = readRecord(entry)
  const leave = (left: Omit<Left, 'events'>): ReputPlan => ({
    left: [{ ...left, events: entry.seqs?.length ?? 0 }],
    landed: 0,
  })
  if (!decoded) return leave(entry.rejections[0]!)
  if (!decoded.ok) return leave(decoded.rejection)
  const { batch, publisher } = decoded.record
  const data =
    entry.body_base64 === undefined ? encodeRecord(decoded.record) : Buffer.from(entry.body_base64, 'base64')
  const { view_id } = batch
  if (data.length + view_id.length > MAX_RECORD_BYTES)
    return leave({ code: 'record_too_large', path: '', message: 'Larger than a record may be' })
  const owner = { publisher, view_id, sequence_number: entry.sequence_number }
  const seqs = batch.events
    .map(({ seq }) => seq)
    .filter((seq) => !ledger.hasLanded(owner, seq) && ledger.begin(owner, seq))
  return {
    left: [],
    landed: batch.events.length - seqs.length,
    ...(seqs.length > 0 && { reput: { ...owner, seqs, record: { partitionKey: view_id, data } } }),
  }
}
