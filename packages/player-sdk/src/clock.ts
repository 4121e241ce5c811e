import { safely } from './safely.ts'

/** Where time comes from; a virtual one makes the whole SDK deterministic. */
export interface Clock {
  /** Monotonic, ms. */
  now(): number
  /** The device's wall clock, epoch ms. */
  epoch(): number
  /** Calls `run` after `ms`; the answer cancels it. */
  setTimer(run: () => void, ms: number): () => void
}

/** The browser's clock. */
export const browserClock: Clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  setTimer: (run, ms) => {
    const id = setTimeout(safely(run), ms)
    return () => clearTimeout(id)
  },
}
