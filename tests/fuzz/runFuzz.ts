import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { judge } from './judge.ts'
import { openIngest } from './openIngest.ts'
import type { Vectors } from './readVectors.ts'
import { type FuzzRequest, requests } from './requests.ts'

/** What came of a run. */
export interface FuzzResult {
  bodies: number
  /** How many answers had each status. */
  statuses: Record<number, number>
  accepted: number
  rejected: number
  /** The first request that broke a promise, made as small as it can be, and what it broke. */
  failure?: { request: FuzzRequest; message: string; seed: number }
}

const CHUNK = 2000

/** Native memory is only given back between turns of the event loop, which nothing else here waits for. */
const TURN_EVERY = 50

/** Sends bodies through the real ingest until one breaks a promise. The same seed makes the same bodies. */
export const runFuzz = async (
  vectors: Vectors,
  bodies: number,
  seed: number,
  onProgress: (result: FuzzResult) => void = () => {},
): Promise<FuzzResult> => {
  const arbitrary = requests(vectors)
  const result: FuzzResult = { bodies: 0, statuses: {}, accepted: 0, rejected: 0 }
  let judged = 0
  for (let chunk = 0; result.bodies < bodies; chunk++) {
    const ingest = openIngest()
    const property = fc.asyncProperty(arbitrary, async (request) => {
      if (++judged % TURN_EVERY === 0) await setImmediate()
      const { statusCode } = await judge(ingest, request)
      result.statuses[statusCode] = (result.statuses[statusCode] ?? 0) + 1
      const [facts] = ingest.facts
      result.accepted += facts?.accepted ?? 0
      result.rejected += Object.values(facts?.rejected ?? {}).reduce((sum, count) => sum + count, 0)
    })
    const numRuns = Math.min(CHUNK, bodies - result.bodies)
    try {
      const details = await fc.check(property, { numRuns, seed: seed + chunk })
      result.bodies += details.numRuns
      if (details.failed) {
        const message = String((details.errorInstance as Error | undefined)?.message ?? details.errorInstance)
        result.failure = { request: details.counterexample![0], message, seed: seed + chunk }
        return result
      }
    } finally {
      ingest.close()
    }
    onProgress(result)
  }
  return result
}
