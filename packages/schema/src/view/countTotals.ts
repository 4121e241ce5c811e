import type { PlayerEvent } from '../events/index.ts'
import type { Totals } from '../totals.ts'
import { stateTimeline } from './stateTimeline.ts'

const COUNTED = {
  play_request_count: 'play_request',
  rebuffer_count: 'rebuffer_start',
  seek_count: 'seek_start',
} as const

/** Totals of a view counted from its events: what is left where no event carries them. Duplicates count once. */
export const countTotals = (events: Iterable<PlayerEvent>): Totals => {
  const distinct = [...new Map([...events].map((event) => [event.seq, event])).values()]
  const totals: Totals = {}
  for (const { state, from_ms, to_ms } of stateTimeline(distinct))
    if (state !== 'quit') totals[`${state}_ms`] = (totals[`${state}_ms`] ?? 0) + to_ms - from_ms
  for (const key of Object.keys(COUNTED) as (keyof typeof COUNTED)[])
    totals[key] = distinct.filter(({ type }) => type === COUNTED[key]).length
  totals.error_count = 0
  for (const event of distinct) {
    if (event.type === 'error') totals.error_count += event.count ?? 1
    if (event.type === 'first_frame' && event.startup_ms !== undefined) totals.startup_ms = event.startup_ms
    if (event.type === 'error' && event.severity === 'fatal')
      totals.fatal_error ??= { category: event.category, code: event.code }
  }
  return totals
}
