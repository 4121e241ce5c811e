import type { RejectionCode } from '@viewbeat/schema'

/** What is told of an invocation of a sink. */
export interface SinkFacts {
  /** Records that Lambda handed in. */
  records: number
  /** Events in them, of the records that could be decoded. */
  events: number
  /** Records that are none: bytes that cannot be decoded. */
  poison: number
  /** What the store refused for good: records or single events. */
  refused: number
  /** Records that are handed back to Lambda. */
  failed: number
  /** Answers of the store that asked to come again later (429, 5xx), one for each item. */
  bulkRejections: number
  /** Why, in the store's words. */
  reason: string | undefined
  /** The record from which on Lambda hands in again. */
  failedFrom: string | undefined
  /** What went to quarantine: poison and refused. */
  quarantined: { sequenceNumber: string | undefined; code: RejectionCode | undefined }[]
  /** Age of the oldest record when the invocation began, by the time the ingest received it, ms. */
  lag_ms: number
  duration_ms: number
}

/** Who watches a sink. */
export interface SinkObserver {
  consumed(facts: SinkFacts): void
}
