import type { FlatEvent, ViewRecord } from '@viewbeat/schema'
import { stateTimeline } from '@viewbeat/schema/view'
import { hasStarted } from '../hasStarted.ts'
import { chooseNewer } from '../newest.ts'
import { weightOf } from '../quantities.ts'

/** A time during which a view counts, epoch ms by the server's clock as nearly as it is known. */
export interface Span {
  from: number
  to: number
  /** How many views it stands for. */
  weight: number
}

/**
 * When a view was open with a first frame, pauses included: until its newest event, or until it ended or failed for
 * good. A record does not say when it was paused: for that there is `watchingSpans`. Undefined without a first frame.
 */
export const openSpan = (view: ViewRecord): Span | undefined => {
  if (!hasStarted(view)) return undefined
  const { state, started_at, clock_skew_ms = 0, elapsed_ms, startup_ms = 0, preloading_ms } = view
  const first = view.first_frame_ms ?? preloading_ms + startup_ms
  const begin = started_at + clock_skew_ms
  const idle = state === 'ended' ? view.ended_ms : state === 'failed' ? view.failed_ms : 0
  const to = begin + Math.max(first, elapsed_ms - idle)
  return { from: begin + first, to, weight: weightOf(view) }
}

/** Which times of a view count as watching. */
export interface Watching {
  /** From the request on; else from the first frame on. */
  fromRequest?: boolean
  /** A stall of more than this counts no longer, ms. */
  longestStallMs?: number
}

const WATCHING: readonly string[] = ['starting', 'playing', 'seeking', 'rebuffering']

/** When a view was watched, pauses left out, from its events; in any order, and however often repeated. */
export const watchingSpans = (
  events: readonly FlatEvent[],
  { fromRequest = false, longestStallMs = Number.POSITIVE_INFINITY }: Watching = {},
): Span[] => {
  const newest = events.reduce<FlatEvent | undefined>(
    (found, event) => (found ? chooseNewer(found, event) : event),
    undefined,
  )
  if (!newest) return []
  const first = events.find(({ type }) => type === 'first_frame')?.t_ms ?? Number.POSITIVE_INFINITY
  const begin = newest.ts - newest.t_ms + newest.received_at - newest.sent_at
  const weight = 1 / (newest.context.sample_rate ?? 1)
  return stateTimeline(events)
    .filter(({ state, to_ms }) => WATCHING.includes(state) && (fromRequest || to_ms > first))
    .map(({ state, from_ms, to_ms }) => ({
      from: begin + (fromRequest ? from_ms : Math.max(from_ms, first)),
      to: begin + (state === 'rebuffering' ? Math.min(to_ms, from_ms + longestStallMs) : to_ms),
      weight,
    }))
}
