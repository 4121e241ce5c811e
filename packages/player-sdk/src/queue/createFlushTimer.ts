import type { Clock } from '../clock.ts'
import type { FlushReason } from './createBatcher.ts'

/** One timer for all reasons to flush: the earliest deadline wins. */
export const createFlushTimer = (clock: Clock, flush: (reason: FlushReason) => void) => {
  let dueAt = 0
  let cancel: (() => void) | undefined
  const disarm = () => {
    if (cancel) cancel()
    cancel = undefined
  }
  return {
    disarm,
    arm(reason: FlushReason, ms: number) {
      const at = clock.now() + ms
      if (cancel && at >= dueAt) return
      disarm()
      dueAt = at
      cancel = clock.setTimer(() => flush(reason), ms)
    },
  }
}
