import type { Put } from '../../aws/putInCalls.ts'
import type { OutgoingRecord } from '../../records/toRecord.ts'
import type { Reput } from './toReput.ts'

/** How many records go in a call. */
const RECORDS_IN_CALL = 100

const MAX_TRIES = 12
const CALL_MS = 10_000
const REST_MS = 2000

/** Puts records on the stream, many in a call. */
export const createReputs = ({
  put,
  now,
  wait,
  onWait,
  onPut,
}: {
  put: Put<OutgoingRecord>
  now: () => number
  /** Rejects when the run is to end. */
  wait: (ms: number) => Promise<void>
  /** Told why and how long before each rest. */
  onWait: (why: string, ms: number) => void
  /** Told of each record that is on the stream; resolves when that is noted. */
  onPut: (reput: Reput) => Promise<void>
}) => {
  let waiting: Reput[] = []

  /** Puts what waits. Answers those that the stream did not take, and why. */
  const flush = async (): Promise<{ left: Reput[]; why: string }> => {
    let left = waiting
    waiting = []
    let why = ''
    for (let tries = 0; left.length > 0 && tries < MAX_TRIES; tries++) {
      if (tries > 0) {
        onWait(why, REST_MS)
        const isStopped = await wait(REST_MS).then(
          () => false,
          () => true,
        )
        if (isStopped) break
      }
      const asked = left
      const result = await put(
        asked.map(({ record }) => record),
        now() + CALL_MS,
      )
      const isLeft = new Set(result.left)
      for (const reput of asked) if (!isLeft.has(reput.record)) await onPut(reput)
      left = asked.filter(({ record }) => isLeft.has(record))
      why = (result.cause as Error | undefined)?.message ?? String(result.cause)
    }
    return { left, why }
  }

  return {
    flush,
    /** Takes a record; puts all that wait once they are enough for a call. */
    add: async (reput: Reput) => {
      waiting.push(reput)
      return waiting.length < RECORDS_IN_CALL ? { left: [], why: '' } : flush()
    },
  }
}
