import type { FlatEvent, Totals } from '@viewbeat/schema'
import { stateTimeline } from './stateTimeline.ts'

const COUNTED = {
  play_request_count: 'play_request',
  rebuffer_count: 'rebuffer_start',
  seek_count: 'seek_start',
  error_count: 'error',
} as const

/** Totals of a view counted from its events: what is left where no event carries them. Duplicates count once. */
export const timesInStates = (events: Iterable<FlatEvent>): Totals => {
  const distinct = [...new Map([...events].map((event) => [event.seq, event])).values()]
  const totals: Totals = {}
  for (const { state, from_ms, to_ms } of stateTimeline(distinct))
    if (state !== 'quit') totals[`${state}_ms`] = (totals[`${state}_ms`] ?? 0) + to_ms - from_ms
  for (const key of Object.keys(COUNTED) as (keyof typeof COUNTED)[])
    totals[key] = distinct.filter(({ type }) => type === COUNTED[key]).length
  for (const event of distinct) {
    if (event.type === 'first_frame' && event.startup_ms !== undefined) totals.startup_ms = event.startup_ms
    if (event.type === 'error' && event.severity === 'fatal')
      totals.fatal_error ??= { category: event.category, code: event.code }
  }
  return totals
}
