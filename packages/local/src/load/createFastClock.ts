import type { Clock } from '../../../player-sdk/src/clock.ts'

/** What time is made of, for tests to replace. */
export interface RealTime {
  /** Monotonic, ms. */
  now: () => number
  /** Epoch ms. */
  epoch: () => number
}

const REAL: RealTime = { now: () => performance.now(), epoch: () => Date.now() }

/**
 * A clock on which time passes `speed` times as fast, and one of real time beside it. The fast one's wall clock begins so
 * far in the past that after `planned_ms` of its time it is now: no device is ahead of the ingest.
 */
export const createFastClock = (speed: number, planned_ms: number, real: RealTime = REAL) => {
  const start = real.now()
  const epoch = real.epoch() - planned_ms * (1 - 1 / speed)
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let stopped = false
  const passed = () => (real.now() - start) * speed
  const timer = (run: () => void, ms: number) => {
    if (stopped) return () => {}
    const id = setTimeout(() => {
      timers.delete(id)
      run()
    }, ms)
    timers.add(id)
    return () => {
      timers.delete(id)
      clearTimeout(id)
    }
  }
  const fast: Clock = {
    now: passed,
    epoch: () => Math.round(epoch + passed()),
    setTimer: (run, ms) => timer(run, ms / speed),
  }
  return {
    fast,
    real: { now: real.now, setTimer: timer } satisfies Pick<Clock, 'now' | 'setTimer'>,
    /** Nothing that was set goes off any more. */
    stop() {
      stopped = true
      for (const id of timers) clearTimeout(id)
      timers.clear()
    },
  }
}
