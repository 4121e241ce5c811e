const FIRST_MS = 1000
const LONGEST_MS = 30_000

/** A server may ask for a pause, not for silence; and a timer over 24 days fires at once. */
const LONGEST_RETRY_AFTER_MS = 600_000

/**
 * How long to wait before attempt number `failures` + 1: exponential with full jitter, so that a crowd that failed
 * together does not come back together, and never before the server said.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const retryDelay = (failures: number, retryAfterMs: number, random: () => number) =>
  Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs) + random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures)
