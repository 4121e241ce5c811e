import type { Span } from './spans.ts'

/** How many views there were at once within a minute. */
export interface Concurrency {
  /** When the minute begins, epoch ms. */
  minute: number
  /** Most at once. */
  peak: number
  /** On average over the minute. */
  mean: number
}

const MINUTE_MS = 60_000

const minuteOf = (at: number) => at - (at % MINUTE_MS)

/** Rounding of sums of weights must leave nobody behind. */
const clean = (weight: number) => Math.round(weight * 1e6) / 1e6

/**
 * How many views there were at once, minute by minute from the first to the last. One that ends when another begins is
 * not at once with it.
 */
export const concurrencyOf = (spans: Iterable<Span>): Concurrency[] => {
  const changes = [...spans]
    .filter(({ from, to }) => to > from)
    .flatMap(({ from, to, weight }) => [
      { at: from, by: weight },
      { at: to, by: -weight },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by)
  const minutes: Concurrency[] = []
  let open = 0
  let now = changes[0]?.at ?? 0
  let area = 0
  let peak = 0
  const stayUntil = (at: number) => {
    if (at > now) peak = Math.max(peak, open)
    area += open * (at - now)
    now = at
  }
  const closeMinute = (minute: number) => {
    minutes.push({ minute, peak: clean(peak), mean: clean(area / MINUTE_MS) })
    area = 0
    peak = 0
  }
  for (const { at, by } of changes) {
    for (let minute = minuteOf(now); at >= minute + MINUTE_MS; minute += MINUTE_MS) {
      stayUntil(minute + MINUTE_MS)
      closeMinute(minute)
    }
    stayUntil(at)
    open = clean(open + by)
  }
  if (area > 0) closeMinute(minuteOf(now))
  return minutes
}
