import { safely } from './safely.ts'

/** Where time comes from; a virtual one makes the whole SDK deterministic. */
export interface Clock {
  /** Monotonic, ms. */
  now(): number
  /** The device's wall clock, whole epoch ms. */
  epoch(): number
  /** Calls `run` after `ms`; the answer cancels it. */
  setTimer(run: () => void, ms: number): () => void
}

/** The browser's clock, set back by `lag` while calls are made up for that came before the SDK. */
export const browserClock: Clock & { lag: number } = {
  lag: 0,
  now: () => performance.now() - browserClock.lag,
  epoch: () => Math.round(Date.now() - browserClock.lag),
  setTimer: (run, ms) => {
    const id = setTimeout(safely(run), ms)
    return () => clearTimeout(id)
  },
}
