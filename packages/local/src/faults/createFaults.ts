import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'

/** Faults that a person or a test can ask for. Times are ms from now; 0 ends the fault. */
export const faultRequest = z.strictObject({
  collector_down_ms: z.int().min(0).max(600_000).optional().describe('connections to /v1 are cut'),
  hold_media_ms: z.int().min(0).max(600_000).optional().describe('no byte of media leaves the server'),
  media_bytes_per_s: z
    .int()
    .min(0)
    .max(1e9)
    .optional()
    .describe('how fast media flows; 0 for as fast as it can'),
  fail_segments: z.int().min(0).max(100).optional().describe('so many next segments are answered 503'),
})

/** Faults that a person or a test can ask for. */
export type FaultRequest = z.infer<typeof faultRequest>

/** Faults on purpose: what is wrong with the network just now. */
export const createFaults = (now: () => number = Date.now) => {
  let collectorDownUntil = 0
  let mediaHeldUntil = 0
  let segmentsToFail = 0
  let bytesPerSecond = 0
  let release = () => {}
  let released = Promise.resolve()

  const left = (until: number) => Math.max(0, until - now())
  return {
    ask({ collector_down_ms, hold_media_ms, media_bytes_per_s, fail_segments }: FaultRequest) {
      if (collector_down_ms !== undefined) collectorDownUntil = now() + collector_down_ms
      if (fail_segments !== undefined) segmentsToFail = fail_segments
      if (media_bytes_per_s !== undefined) bytesPerSecond = media_bytes_per_s
      if (hold_media_ms !== undefined) {
        release()
        mediaHeldUntil = now() + hold_media_ms
        released = new Promise((done) => {
          const timer = setTimeout(done, hold_media_ms)
          timer.unref()
          release = () => {
            clearTimeout(timer)
            done()
          }
        })
      }
    },
    /** What is left of each fault. */
    read: () => ({
      collector_down_ms: left(collectorDownUntil),
      hold_media_ms: left(mediaHeldUntil),
      media_bytes_per_s: bytesPerSecond,
      fail_segments: segmentsToFail,
    }),
    isCollectorDown: () => left(collectorDownUntil) > 0,
    /** Resolves when so many bytes of a response may leave. */
    async mediaFlows(bytes: number) {
      if (bytesPerSecond > 0) await sleep((bytes / bytesPerSecond) * 1000)
      while (left(mediaHeldUntil) > 0) await released
    },
    /** Whether this segment is one to fail. */
    failsSegment: () => segmentsToFail > 0 && segmentsToFail-- > 0,
  }
}

/** Faults on purpose. */
export type Faults = ReturnType<typeof createFaults>
