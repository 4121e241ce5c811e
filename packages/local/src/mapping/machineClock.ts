import { setTimeout as wait } from 'node:timers/promises'
import type { MappingClock } from './clock.ts'

/** The machine's own time. */
export const machineClock: MappingClock = {
  now: Date.now,
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => {}),
}
