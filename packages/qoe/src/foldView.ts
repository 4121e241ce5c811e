import { type FlatEvent, STATES, type Totals, type ViewRecord } from '@viewbeat/schema'
import { CARRIED_TOTALS, countTotals, totalsOf as readTotals } from '@viewbeat/schema/view'
import { chooseCopy, chooseNewer } from './newest.ts'
import { outcomeOf } from './outcomeOf.ts'
import { ratio } from './ratio.ts'

/** What came as CMCD has a few counters at best: its totals are counted from all of its events. */
const totalsOf = (event: FlatEvent) => (event.sdk.name === 'cmcd' ? undefined : readTotals(event))

/** Whether an event carries totals, so that the view's record as of it can be made from it alone. */
export const carriesTotals = (event: FlatEvent) => totalsOf(event) !== undefined

const newest = (events: readonly FlatEvent[]) =>
  events.reduce<FlatEvent | undefined>(
    (found, event) => (found ? chooseNewer(found, event) : event),
    undefined,
  )

/** One event for each number, the same one whatever order they come in. */
const distinct = (events: Iterable<FlatEvent>): FlatEvent[] => {
  const bySeq = new Map<number, FlatEvent>()
  for (const event of events) {
    const known = bySeq.get(event.seq)
    bySeq.set(event.seq, known ? chooseCopy(known, event) : event)
  }
  return [...bySeq.values()]
}

const bitrateOf = ({ bitrate_ms, bitrate_sum }: Totals) =>
  bitrate_ms ? Math.round((bitrate_sum ?? 0) / bitrate_ms) : undefined

const definedOnly = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

const carriedOf = (totals: Totals) =>
  Object.fromEntries(CARRIED_TOTALS.map((name) => [name, totals[name]])) as Pick<
    Totals,
    (typeof CARRIED_TOTALS)[number]
  >

/** The record of a view as of an event, with totals as of it. */
const recordOf = (last: FlatEvent, totals: Totals, basis: ViewRecord['basis']): ViewRecord => {
  const endReason = last.type === 'view_end' ? last.reason : undefined
  const times = Object.fromEntries(
    STATES.map((state) => [`${state}_ms`, totals[`${state}_ms`] ?? 0]),
  ) as Pick<ViewRecord, `${(typeof STATES)[number]}_ms`>
  return {
    view_id: last.view_id,
    visit_id: last.visit_id,
    publisher: last.publisher,
    seq: last.seq,
    started_at: last.ts - last.t_ms,
    received_at: last.received_at,
    elapsed_ms: last.t_ms,
    clock_skew_ms: last.received_at - last.sent_at,
    basis,
    state: last.state,
    outcome: outcomeOf(last.state, totals, endReason),
    ...times,
    away_ms: totals.away_ms ?? 0,
    content_ms: totals.content_ms ?? 0,
    // Producers of 1.0 say it in view_end itself, where newer ones still may.
    max_playhead_ms: totals.max_playhead_ms ?? ((last.type === 'view_end' && last.max_playhead_ms) || 0),
    play_request_count: totals.play_request_count ?? 0,
    rebuffer_count: totals.rebuffer_count ?? 0,
    rebuffer_ratio: ratio(times.rebuffering_ms, times.rebuffering_ms + times.playing_ms),
    seek_count: totals.seek_count ?? 0,
    rendition_change_count: totals.rendition_change_count ?? 0,
    error_count: totals.error_count ?? 0,
    ...definedOnly({
      end_reason: endReason,
      startup_ms: totals.startup_ms,
      frames_total: totals.frames_total,
      frames_dropped: totals.frames_dropped,
      bitrate_bps: bitrateOf(totals),
      ...carriedOf(totals),
      fatal_error: totals.fatal_error,
    }),
    dropped: last.dropped ?? {},
    context: last.context,
    client: last.client,
    sdk: last.sdk,
  }
}

/**
 * Folds events of one view, in any order and however often repeated, into its record as of the newest totals among
 * them; a subset that ends with the same totals gives the same record. Where no event carries totals (producers other
 * than ours), everything is counted from the events, and `basis` says so. Undefined when there is no event.
 */
export const foldView = (events: Iterable<FlatEvent>): ViewRecord | undefined => {
  const all = distinct(events)
  const told = newest(all.filter(carriesTotals))
  if (told) return recordOf(told, totalsOf(told)!, 'totals')
  return foldCounted(all)
}

/** As `foldView`, but everything is counted from the events, even where one of them carries totals. */
export const foldCounted = (events: Iterable<FlatEvent>): ViewRecord | undefined => {
  const all = distinct(events)
  const last = newest(all)
  return last && recordOf(last, countTotals(all), 'events')
}
