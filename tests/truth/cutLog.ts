import type { Log } from './witness.ts'

/** The part of a log between two moments. `isLate`: it was playing at the first. */
export const cutLog = ({ frames, calls, until }: Log, from: number, to = until, isLate = false): Log => {
  const isWithin = (at: number) => at >= from && at < to
  return {
    frames: frames.filter(({ presentationTime }) => isWithin(presentationTime)),
    calls: calls.filter(({ at }) => isWithin(at)),
    until: Math.min(until, to),
    isLate,
  }
}
