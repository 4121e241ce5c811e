import { byteLength } from './byteLength.ts'

/** Why events were lost. */
export type LossReason =
  | 'queue_full'
  | 'too_large'
  | 'refused'
  | 'expired'
  | 'storage_full'
  | 'consent'
  | 'before_send'

/** Cumulative losses of one view; it travels with every batch of the view. */
export type Losses = Partial<Record<LossReason, number>>

/** A closed batch: plain JSON, because it may have to outlive the page in its storage. */
export interface Batch {
  /** When its last event happened, epoch ms. */
  at: number
  view: string
  /** The constant part of the line as JSON text, without its closing brace. */
  head: string
  /** The events as JSON texts, in order. */
  events: string[]
  /** The losses of its view, shared with the view's other batches. */
  lost: Losses
  /** UTF-8 bytes of the line, with room for what `lost` may grow by. */
  bytes: number
}

/** What the losses and the time of leaving may add to a line after it was weighed. */
const GROWTH_BYTES = 160

/** The line that the ingest gets, stamped with now. */
export const toLine = ({ head, lost, events }: Batch, epoch: number) =>
  `${head},"sent_at":${epoch},"dropped":${JSON.stringify(lost)},"events":[${events}]}`

/** Counts the losses of a batch's view. */
export const lose = (batch: { lost: Losses }, reason: LossReason, events: number) => {
  if (events > 0) batch.lost[reason] = (batch.lost[reason] || 0) + events
}

/** The same batch with these events of it; `bytes`: what they weigh, if it is known. */
export const withEvents = (
  batch: Omit<Batch, 'bytes'>,
  events: string[],
  bytes = byteLength(`${events}`),
): Batch => Object.assign({}, batch, { events, bytes: byteLength(batch.head) + bytes + GROWTH_BYTES })
