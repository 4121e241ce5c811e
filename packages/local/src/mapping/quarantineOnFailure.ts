import { decodeRecord, type Quarantine, type QuarantineEntry } from '@viewbeat/schema'
import type { Discarded } from './discarded.ts'

/** Whose events a record holds, as far as it can be read, so that the view's account adds up. */
const eventsIn = (data: Uint8Array): Pick<QuarantineEntry, 'view_id' | 'seqs'> => {
  const decoded = decodeRecord(data)
  if (!decoded.ok) return {}
  const { view_id, events } = decoded.record.batch
  return { view_id, seqs: events.map(({ seq }) => seq) }
}

/** An on-failure destination: what a mapping gave up on goes to quarantine, each record with its bytes. */
export const quarantineOnFailure =
  ({
    stage,
    quarantine,
    now,
  }: {
    stage: QuarantineEntry['stage']
    quarantine: Quarantine
    /** Epoch ms. */
    now: () => number
  }) =>
  ({ items, condition, invokeCount, message }: Discarded): Promise<void> =>
    quarantine.put(
      items.map(({ data, sequenceNumber }) => ({
        v: 1,
        stage,
        received_at: now(),
        rejections: [
          { code: 'not_stored', path: '', message: `${condition} after ${invokeCount}: ${message}` },
        ],
        ...eventsIn(data),
        body_base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
        sequence_number: sequenceNumber,
      })),
    )
