import type { ViewSends } from './trafficOf.ts'

/** What views send: in the minute that begins with them, in each later one, and as they end. */
export interface Measured {
  first_minute: ViewSends
  later_minute: ViewSends
  end: ViewSends
}

/** What a view of so many minutes sends: its first minute, the later ones, its end. A part of a minute is that part. */
export const viewOf = ({ first_minute, later_minute, end }: Measured, minutes: number): ViewSends => {
  const names = Object.keys(end) as (keyof ViewSends)[]
  const first = Math.min(1, minutes)
  const later = Math.max(0, minutes - 1)
  return Object.fromEntries(
    names.map((name) => [name, first_minute[name] * first + later_minute[name] * later + end[name]]),
  ) as unknown as ViewSends
}
