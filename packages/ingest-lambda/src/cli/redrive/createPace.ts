import { UsageError } from '../output.ts'

const UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 }

/** Reads `50/s`, `600/m` or `50` (a second) as the time between two posts, ms. Throws `UsageError`. */
export const readRate = (rate: string): number => {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(rate) ?? []
  const perUnit = Number(amount)
  if (!(perUnit > 0)) throw new UsageError(`--rate ${rate}: expected a number of posts such as 50/s or 600/m`)
  return UNITS_MS[unit]! / perUnit
}

/** Holds posts apart: resolves when the next one may leave. */
export const createPace = (
  interval_ms: number,
  { now, wait }: { now: () => number; wait: (ms: number) => Promise<void> },
) => {
  let next = Number.NEGATIVE_INFINITY
  return async () => {
    const rest = next - now()
    if (rest > 0) await wait(rest)
    // From when it was due, so that a slow answer does not slow the next ones; but no burst after a long rest.
    next = Math.max(next, now() - 1000) + interval_ms
  }
}
