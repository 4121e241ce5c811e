import { setTimeout as sleep } from 'node:timers/promises'
import { type CallLimits, splitCalls } from './splitCalls.ts'

/** What came of items that were to be put. */
export interface PutResult<T> {
  /** The items that were not taken, in their order. Empty when all are safe. */
  left: T[]
  /** How often an item was sent again. */
  retried: number
  /** Why the last of them was not taken. */
  cause?: unknown
}

/** Puts items; never rejects. `deadline`: epoch ms, by when it gives up. */
export type Put<T> = (items: readonly T[], deadline: number) => Promise<PutResult<T>>

const ATTEMPTS = 6
const FIRST_BACKOFF_MS = 50

/** A call that hangs must fail while there is time to try again. */
const CALL_TIMEOUT_MS = 5000

/**
 * Puts items by calls that may fail in part, as PutRecords and PutRecordBatch do: only what failed goes again, with full
 * jitter, until the deadline.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const putInCalls =
  <T>({
    call,
    sizeOf,
    limits,
    now = Date.now,
    random = Math.random,
    wait = sleep,
  }: {
    /** One call: answers an error code for each item, undefined where it was taken. */
    call: (items: T[], timeout_ms: number) => Promise<readonly (string | undefined)[]>
    /** Bytes that count towards a call's limit. */
    sizeOf: (item: T) => number
    limits: CallLimits
    now?: () => number
    random?: () => number
    wait?: (ms: number) => Promise<unknown>
  }): Put<T> =>
  async (items, deadline) => {
    let cause: unknown

    /** Answers the items that were not taken. */
    const attempt = async (part: T[]): Promise<T[]> => {
      try {
        const codes = await call(part, Math.max(1, Math.min(CALL_TIMEOUT_MS, deadline - now())))
        if (codes.length !== part.length) throw new Error('The answer does not account for every item')
        cause = codes.find((code) => code !== undefined) ?? cause
        return part.filter((_, index) => codes[index] !== undefined)
      } catch (error) {
        cause = error
        return part
      }
    }

    let left = [...items]
    let retried = 0
    for (let failures = 0; left.length > 0; failures++) {
      if (failures > 0) {
        const pause = random() * FIRST_BACKOFF_MS * 2 ** failures
        if (failures === ATTEMPTS || now() + pause >= deadline) break
        await wait(pause)
        retried += left.length
      }
      left = (await Promise.all(splitCalls(left, sizeOf, limits).map(attempt))).flat()
    }
    return { left, retried, ...(left.length > 0 && { cause }) }
  }
