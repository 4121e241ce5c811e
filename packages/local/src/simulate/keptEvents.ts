import { type Batch, decodeRecord, type QuarantineEntry } from '@viewbeat/schema'

/** Events that an entry of quarantine holds the bytes of. */
export interface KeptEvents {
  viewId: string
  seqs: number[]
  /** What their batch says is lost, in all. */
  dropped: number
}

const total = (dropped: Record<string, number> | undefined) =>
  Object.values(dropped ?? {}).reduce((sum, events) => sum + events, 0)

const ofBatch = (batch: Partial<Batch> | undefined): KeptEvents[] =>
  typeof batch?.view_id === 'string' && Array.isArray(batch.events)
    ? [{ viewId: batch.view_id, seqs: batch.events.map(({ seq }) => seq), dropped: total(batch.dropped) }]
    : []

/** The events whose bytes an entry holds: its batch, or the record or line in its body. */
export const keptEvents = ({ batch, body_base64 }: QuarantineEntry): KeptEvents[] => {
  if (batch) return ofBatch(batch as Batch)
  const bytes = Buffer.from(body_base64 ?? '', 'base64')
  const decoded = decodeRecord(bytes)
  if (decoded.ok) return ofBatch(decoded.record.batch)
  try {
    return ofBatch(JSON.parse(bytes.toString()))
  } catch {
    return []
  }
}

/** The sum of a batch's losses. */
export const totalDropped = total
