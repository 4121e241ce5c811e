import type { Batch, QuarantineEntry, Rejection } from '@viewbeat/schema'
import type { ReadBatch } from '../request/readBatches.ts'

const eventsOf = (input: unknown): unknown[] | undefined => {
  const events = (input as Partial<Batch> | null)?.events
  return Array.isArray(events) ? events : undefined
}

const viewIdOf = (input: unknown): string | undefined => {
  const id = (input as Partial<Batch> | null)?.view_id
  return typeof id === 'string' ? id.slice(0, 64).toWellFormed() : undefined
}

/** What goes to quarantine of a batch that was read: the whole, or only its refused events with their context. */
export const toEntry = (
  read: ReadBatch,
  around: Pick<QuarantineEntry, 'received_at' | 'publisher'>,
): QuarantineEntry | undefined => {
  const base = { v: 1, stage: 'ingest', ...around } as const
  const view_id = viewIdOf(read.input)
  if (!read.ok) {
    const events = eventsOf(read.input)
    return {
      ...base,
      rejections: [read.rejection],
      ...(view_id !== undefined && { view_id }),
      ...(events && { event_count: events.length }),
      body_base64: Buffer.from(read.line).toString('base64'),
    }
  }
  if (read.rejected.length === 0) return undefined
  const { input, rejected } = read
  const events = rejected.map(({ index }) => eventsOf(input)?.[index])
  return {
    ...base,
    rejections: rejected,
    event_count: rejected.length,
    view_id: read.batch.view_id,
    batch: { ...read.batch, events },
  }
}

/** What goes to quarantine of a body in which no batch could be read. */
export const toUnreadableEntry = (
  raw: Buffer,
  message: string,
  around: Pick<QuarantineEntry, 'received_at' | 'publisher'>,
): QuarantineEntry => ({
  v: 1,
  stage: 'ingest',
  ...around,
  rejections: [{ code: 'unreadable', path: '', message } satisfies Rejection],
  body_base64: raw.toString('base64'),
})
