import { type Batch, type Client, encodeRecord, MAX_RECORD_BYTES, type Rejection } from '@viewbeat/schema'

/** A record ready for the stream. */
export interface OutgoingRecord {
  partitionKey: string
  data: Uint8Array
}

/**
 * Makes the record of a batch. JSON grows when it is written again (`1e20` becomes 21 digits), so the size is checked
 * here: the stream would refuse a record over its limit however often it is sent.
 */
export const toRecord = (
  batch: Batch,
  around: { received_at: number; publisher: string; client: Client },
): { ok: true; record: OutgoingRecord } | { ok: false; rejection: Rejection } => {
  const data = encodeRecord({ v: 1, ...around, batch })
  const partitionKey = batch.view_id
  if (data.length + partitionKey.length <= MAX_RECORD_BYTES)
    return { ok: true, record: { partitionKey, data } }
  const message = `Larger than ${MAX_RECORD_BYTES} bytes as a record`
  return { ok: false, rejection: { code: 'record_too_large', path: '', message } }
}
