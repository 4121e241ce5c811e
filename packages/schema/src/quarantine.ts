import type { EventRejection, Rejection } from './rejection.ts'

/** Something that was refused, kept with its bytes and the reason, so that it can be explained and sent again. */
export interface QuarantineEntry {
  v: 1
  /** Where it was refused: the ingest, or the sink that could not take it. */
  stage: 'ingest' | 'archive' | 'search' | 'store'
  /** The server's clock, epoch ms. */
  received_at: number
  publisher?: string
  /** The reasons: one per refused event, or one for the whole. */
  rejections: (Rejection | EventRejection)[]
  /** How many reasons were left out of a long list. */
  omitted?: number
  /** The numbers in their view of the events that are refused with it as a whole, as far as they can be read. */
  seqs?: number[]
  view_id?: string
  /** A refused batch, or a batch cut down to its refused events: what a re-drive posts again. */
  batch?: unknown
  /** The bytes, base64, of what could not be read as a batch. */
  body_base64?: string
  /** The stream's number of the record, for what a sink refused. */
  sequence_number?: string
}

/** Where refused things go. `put` resolves once they are safe and rejects when they are not. */
export interface Quarantine {
  put(entries: QuarantineEntry[]): Promise<void>
}
