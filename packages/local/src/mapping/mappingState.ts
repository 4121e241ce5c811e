import type { MappingClock } from './clock.ts'
import { createPulse } from './createPulse.ts'

/** What is asked of a mapping while it runs, for all its shards. */
export const createMappingState = (clock: MappingClock) => {
  const pulse = createPulse()
  const stop = new AbortController()
  let waker = new AbortController()
  let wakes = 0
  let isDraining = false
  const wake = () => {
    wakes++
    waker.abort()
    waker = new AbortController()
    pulse.give()
  }
  return {
    pulse,
    /** Aborted when nothing more is to be begun. */
    stopped: stop.signal,
    /** How often it was woken. */
    wakes: () => wakes,
    /** Whether it is to end once all that is there is read. */
    isDraining: () => isDraining,
    /** Waits `ms`, or until it is woken. */
    rest: (ms: number) => clock.sleep(ms, waker.signal),
    wake,
    drain() {
      isDraining = true
      wake()
    },
    stop() {
      stop.abort()
      wake()
    },
  }
}

/** What is asked of a mapping while it runs. */
export type MappingState = ReturnType<typeof createMappingState>
