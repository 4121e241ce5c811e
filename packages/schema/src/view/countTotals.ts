import type { PlayerEvent } from '../events/index.ts'
import type { Totals } from '../totals.ts'
import { stateTimeline } from './stateTimeline.ts'

const COUNTED = {
  play_request_count: 'play_request',
  rebuffer_count: 'rebuffer_start',
  seek_count: 'seek_start',
} as const

/** Times that the page was frozen, and the state that the view was in: they count for no state. */
const awayTimes = (events: readonly PlayerEvent[]) =>
  events.flatMap((event, index) =>
    event.type === 'visibility_change' && event.away_ms
      ? [{ state: events[index - 1]?.state ?? event.state, away_ms: event.away_ms }]
      : [],
  )

/** Totals of a view counted from its events: what is left where no event carries them. Duplicates count once. */
export const countTotals = (events: Iterable<PlayerEvent>): Totals => {
  const bySeq = new Map([...events].map((event) => [event.seq, event]))
  const distinct = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  const totals: Totals = {}
  for (const { state, from_ms, to_ms } of stateTimeline(distinct))
    if (state !== 'quit') totals[`${state}_ms`] = (totals[`${state}_ms`] ?? 0) + to_ms - from_ms
  for (const key of Object.keys(COUNTED) as (keyof typeof COUNTED)[])
    totals[key] = distinct.filter(({ type }) => type === COUNTED[key]).length
  for (const { state, away_ms } of awayTimes(distinct)) {
    totals.away_ms = (totals.away_ms ?? 0) + away_ms
    if (state !== 'quit') totals[`${state}_ms`] = Math.max(0, (totals[`${state}_ms`] ?? 0) - away_ms)
  }
  totals.error_count = 0
  for (const event of distinct) {
    if (event.type === 'error') totals.error_count += event.count ?? 1
    if (event.type === 'first_frame' && event.startup_ms !== undefined) totals.startup_ms = event.startup_ms
    if (event.type === 'error' && event.severity === 'fatal')
      totals.fatal_error ??= { category: event.category, code: event.code }
  }
  return totals
}
