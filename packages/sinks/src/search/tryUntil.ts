/** What trying again needs of the world. */
export interface Patience {
  /** Epoch ms. */
  now: () => number
  /** Resolves after so many ms. */
  wait: (ms: number) => Promise<unknown>
  /** From 0 up to 1. */
  random: () => number
}

const FIRST_BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 5000

/** A call that hangs must fail while there is time to try again, ms. */
const CALL_TIMEOUT_MS = 30_000

/**
 * Tries until `attempt` answers true, with full jitter between the attempts; answers false when there is no time left.
 * `attempt` may ask what a call may take, ms. `deadline`: epoch ms.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const tryUntil = async (
  attempt: (timeout: () => number) => Promise<boolean>,
  deadline: number,
  { now, wait, random }: Patience,
): Promise<boolean> => {
  const timeout = () => Math.max(1, Math.min(CALL_TIMEOUT_MS, deadline - now()))
  for (let failures = 0; ; failures++) {
    if (now() >= deadline) return false
    if (await attempt(timeout)) return true
    const pause = random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures)
    if (now() + pause >= deadline) return false
    await wait(pause)
  }
}
