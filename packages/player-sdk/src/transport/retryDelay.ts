const FIRST_MS = 1000

/** The longest pause between attempts where an answer has ever come, ms. */
const LONGEST_MS = 30_000

/** Where none ever came it may be a blocker, and every attempt is a line in the page's console. */
const LONGEST_UNHEARD_MS = 600_000

/** A server may ask for a pause, not for silence; and a timer over 24 days fires at once. */
const LONGEST_RETRY_AFTER_MS = 600_000

/**
 * How long to wait before attempt number `failures` + 1, ms: what the server asked for, and the time from then:
 * exponential with full jitter, so that a crowd that failed together does not come back together.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const retryDelay = (
  failures: number,
  retryAfterMs: number,
  hasAnswered: boolean,
  random: () => number,
): [asked: number, jitter: number] => [
  Math.max(0, Math.min(LONGEST_RETRY_AFTER_MS, retryAfterMs)),
  random() * Math.min(hasAnswered ? LONGEST_MS : LONGEST_UNHEARD_MS, FIRST_MS * 2 ** failures),
]
