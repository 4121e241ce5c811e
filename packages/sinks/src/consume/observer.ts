/** What is told of an invocation of a sink. */
export interface SinkFacts {
  records: number
  events: number
  /** Records that are none: bytes that cannot be decoded. */
  poison: number
  /** What the store refused for good. */
  refused: number
  /** Records that are handed back to Lambda. */
  failed: number
  /** Why, in the store's words. */
  reason: string | undefined
  /** Age of the oldest record when the invocation began, by the time the ingest received it, ms. */
  lag_ms: number
  duration_ms: number
}

/** Who watches a sink. */
export interface SinkObserver {
  consumed(facts: SinkFacts): void
}
