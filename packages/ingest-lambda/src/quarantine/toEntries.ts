import { type Batch, MAX_EVENTS_PER_BATCH, type QuarantineEntry, type Rejection } from '@viewbeat/schema'
import type { ReadBatch } from '../request/readBatches.ts'

type Around = Pick<QuarantineEntry, 'received_at' | 'publisher'>

/** Most bytes of JSON that are kept readable; more is kept as the bytes that came. */
const MAX_READABLE_BYTES = 256 * 1024

/** Most reasons that are kept with a batch: a body of a few hundred bytes can have fifty thousand wrong events. */
const MAX_REASONS = 20

const eventsOf = (input: unknown): unknown[] => {
  const events = (input as Partial<Batch> | null)?.events
  return Array.isArray(events) ? events : []
}

const viewIdOf = (input: unknown): string | undefined => {
  const id = (input as Partial<Batch> | null)?.view_id
  return typeof id === 'string' ? id.slice(0, 64).toWellFormed() : undefined
}

const seqsOf = (input: unknown): number[] =>
  eventsOf(input)
    .slice(0, MAX_EVENTS_PER_BATCH)
    .map((event) => (event as { seq?: unknown } | null)?.seq)
    .filter((seq): seq is number => Number.isSafeInteger(seq))

/** Whether JSON that came can be written again: not when it nests deeper than the stack, or grows (`1e20`) too large. */
const isWritable = (value: unknown): boolean => {
  try {
    return JSON.stringify(value).length <= MAX_READABLE_BYTES
  } catch {
    return false
  }
}

/** What goes to quarantine of a batch that was read: the whole, or only its refused events with their context. */
export const toEntry = (read: ReadBatch, around: Around): QuarantineEntry | undefined => {
  const base = { v: 1, stage: 'ingest', ...around } as const
  if (!read.ok) {
    const view_id = viewIdOf(read.input)
    return {
      ...base,
      ...(view_id !== undefined && { view_id }),
      rejections: [read.rejection],
      seqs: seqsOf(read.input),
      body_base64: read.bytes().toString('base64'),
    }
  }
  const { input, batch, rejected } = read
  if (rejected.length === 0) return undefined
  // As it came, not as it was brought to the newest version: a re-drive posts it again.
  const refused = { ...(input as Batch), events: rejected.map(({ index }) => eventsOf(input)[index]) }
  return {
    ...base,
    view_id: batch.view_id,
    rejections: rejected.slice(0, MAX_REASONS),
    ...(rejected.length > MAX_REASONS && {
      omitted: rejected.length - MAX_REASONS,
      seqs: rejected.flatMap(({ seq }) => seq ?? []),
    }),
    ...(isWritable(refused) ? { batch: refused } : { body_base64: read.bytes().toString('base64') }),
  }
}

/** What goes to quarantine of a body in which no batch could be read. */
export const toUnreadableEntry = (raw: Buffer, message: string, around: Around): QuarantineEntry => ({
  v: 1,
  stage: 'ingest',
  ...around,
  rejections: [{ code: 'unreadable', path: '', message } satisfies Rejection],
  body_base64: raw.toString('base64'),
})
