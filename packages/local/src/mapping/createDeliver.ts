import type { Sink } from '@viewbeat/sinks'
import type { MappingClock } from './clock.ts'
import type { Discarded } from './discarded.ts'
import { readAnswer } from './readAnswer.ts'
import type { MappingSettings } from './settings.ts'
import type { ShardItem } from './shardReader.ts'
import { toStreamEvent } from './toStreamEvent.ts'

/** Records that go into one invocation. */
interface Part {
  items: readonly ShardItem[]
  /** How often just these have failed. */
  failures: number
  /** How often the function was invoked with them, alone or among others. */
  invocations: number
}

/** What came of an invocation. `from`: the index of the first record that it is not done with. */
interface Outcome {
  from: number
  isThrottled?: true
  message: string
}

/** Hands a batch to the function until all of it is done; `finish` takes what is. Resolves early when the mapping stops. */
export type Deliver = (
  shardId: string,
  items: readonly ShardItem[],
  finish: (items: readonly ShardItem[]) => Promise<void>,
) => Promise<void>

const FIRST_BACKOFF_MS = 200
const LONGEST_BACKOFF_MS = 5000

/** How Lambda says that it has no room for an invocation. */
const THROTTLED = 'TooManyRequestsException'

/**
 * Makes what stands between a shard and its function: retries, halves, the age of records, the on-failure destination.
 * What is retried is finite by `maximumRetryAttempts` and `maximumRecordAgeInSeconds`; to split a batch uses up no retry,
 * and neither does a throttled invocation.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export const createDeliver = ({
  name,
  streamArn,
  sink,
  onFailure,
  clock,
  log,
  stopped,
  settings: {
    bisectBatchOnFunctionError,
    functionResponseTypes,
    maximumRecordAgeInSeconds,
    maximumRetryAttempts,
    timeoutMs,
  },
}: {
  name: string
  streamArn: string
  sink: Sink
  onFailure: (discarded: Discarded) => Promise<void>
  clock: MappingClock
  log: (message: string) => void
  /** Aborted when the mapping gives up. */
  stopped: AbortSignal
  settings: MappingSettings
}): Deliver => {
  const mayReport = functionResponseTypes.includes('ReportBatchItemFailures')
  const backOff = (failures: number) =>
    clock.sleep(Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 10)), stopped)

  const invoke = async (shardId: string, items: readonly ShardItem[]): Promise<Outcome> => {
    const ends = clock.now() + timeoutMs
    const answered = new AbortController()
    const timeout = async () => {
      await clock.sleep(timeoutMs, answered.signal)
      throw new Error(`Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`)
    }
    try {
      const event = toStreamEvent(streamArn, shardId, items)
      const context = { getRemainingTimeInMillis: () => Math.max(0, ends - clock.now()) }
      const answer = await Promise.race([sink(event, context), timeout()])
      if (!mayReport) return { from: items.length, message: '' }
      const numbers = items.map(({ sequenceNumber }) => sequenceNumber)
      return { from: readAnswer(answer, numbers), message: 'reported as failed' }
    } catch (error) {
      const { name: kind, message } = error as Error
      log(`${name}: ${message}`)
      return { from: 0, message, ...(kind === THROTTLED && { isThrottled: true }) }
    } finally {
      answered.abort()
    }
  }

  /** Gives records to the on-failure destination. They are safe nowhere else, so it is asked until it takes them. */
  const discard = async (discarded: Discarded): Promise<boolean> => {
    for (let failures = 0; !stopped.aborted; failures++) {
      try {
        await onFailure(discarded)
        return true
      } catch (error) {
        log(`${name}: on-failure destination: ${(error as Error).message}`)
        await backOff(failures)
      }
    }
    return false
  }

  const isTooOld = ({ arrivedAt }: ShardItem) =>
    maximumRecordAgeInSeconds !== -1 && clock.now() - arrivedAt > maximumRecordAgeInSeconds * 1000

  return async (shardId, items, finish) => {
    const parts: Part[] = [{ items, failures: 0, invocations: 0 }]
    let failedInRow = 0
    let lastMessage = 'never handed to the function'
    const giveUp = async (part: Part, condition: Discarded['condition']) => {
      const [first, ...others] = part.items
      if (!first) return true
      const invokeCount = part.invocations
      const message = lastMessage
      if (!(await discard({ shardId, items: [first, ...others], condition, invokeCount, message })))
        return false
      await finish(part.items)
      return true
    }

    for (let part = parts.shift(); part && !stopped.aborted; part = parts.shift()) {
      const old = part.items.filter(isTooOld)
      if (!(await giveUp({ ...part, items: old }, 'RecordAgeExceeded'))) return
      const tried = old.length > 0 ? part.items.filter((item) => !old.includes(item)) : part.items
      if (tried.length === 0) continue

      const { from, isThrottled, message } = await invoke(shardId, tried)
      if (stopped.aborted && from < tried.length) return
      if (from > 0) await finish(tried.slice(0, from))
      if (from === tried.length) {
        failedInRow = 0
        continue
      }
      lastMessage = message
      const invocations = part.invocations + 1
      const left = tried.slice(from)
      const failures = isThrottled || from > 0 ? 0 : part.failures + 1
      if (isThrottled) parts.unshift({ items: left, failures: part.failures, invocations: part.invocations })
      else if (from === 0 && bisectBatchOnFunctionError && left.length > 1) {
        const middle = Math.ceil(left.length / 2)
        parts.unshift(
          { items: left.slice(0, middle), failures: 0, invocations },
          { items: left.slice(middle), failures: 0, invocations },
        )
      } else if (maximumRetryAttempts !== -1 && failures > maximumRetryAttempts) {
        if (!(await giveUp({ items: left, failures, invocations }, 'RetryAttemptsExhausted'))) return
        continue
      } else parts.unshift({ items: left, failures, invocations })
      failedInRow = from > 0 ? 0 : failedInRow + 1
      await backOff(Math.max(0, failedInRow - 1))
    }
  }
}
