import type { Clock } from '../clock.ts'
import type { FlushReason } from './createBatcher.ts'

/** One timer for all reasons to flush: the earliest deadline wins. */
export const createFlushTimer = (clock: Clock, flush: (reason: FlushReason) => void) => {
  let dueAt = Number.POSITIVE_INFINITY
  let cancel = () => {}
  const disarm = () => {
    cancel()
    dueAt = Number.POSITIVE_INFINITY
  }
  return {
    disarm,
    arm(reason: FlushReason, ms: number) {
      const at = clock.now() + ms
      if (at >= dueAt) return
      cancel()
      dueAt = at
      cancel = clock.setTimer(() => {
        disarm()
        flush(reason)
      }, ms)
    },
  }
}
