import { setImmediate as settle } from 'node:timers/promises'
import type { Clock } from '../src/clock.ts'

/** A clock that stands still until it is told to move; timers fire in order on the way. */
export const virtualClock = (epoch = 1_790_000_000_000) => {
  let now = 0
  let timers: { at: number; run: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    epoch: () => epoch + now,
    setTimer(run, ms) {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  return {
    clock,
    get pending() {
      return timers.length
    },
    /** Lets `ms` pass, and what is promised happen. */
    async pass(ms: number) {
      const end = now + ms
      for (;;) {
        await settle()
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter((other) => other !== next)
        now = next.at
        next.run()
      }
      now = end
    },
  }
}
