import type { Context, Totals } from '@viewbeat/schema'
import type { CapturedEvent } from '../../src/options.ts'
import { EPOCH } from './pageTime.ts'
import type { Replayed } from './replay.ts'

/** An event and when it was, by the clock of the trace. */
export type Timed = CapturedEvent & { at_ms: number }

/** What an SDK made of one view, in the words of the traces. */
export interface Observed {
  events: Timed[]
  states: [string, number, number][]
  rebuffers: { at_ms: number; duration_ms: number; ended_by: string; detected_by: string | undefined }[]
  totals: Totals
  /** What the last batch said of the view. */
  context: Context | undefined
}

const statesOf = (events: Timed[]) => {
  const states: Observed['states'] = []
  const add = (state: string, from: number, to: number) => {
    const last = states.at(-1)
    if (to <= from) return
    if (last?.[0] === state && last[2] === from) last[2] = to
    else states.push([state, from, to])
  }
  for (const [index, { at_ms, state }] of events.entries()) {
    const next = events[index + 1]
    if (!next) break
    const away = next.type === 'visibility_change' ? (next.away_ms ?? 0) : 0
    add(state, at_ms, next.at_ms - away)
    add('away', next.at_ms - away, next.at_ms)
  }
  return states
}

/** A position that is a time of the wall clock, by the clock of the trace. */
const sinceEpoch = (event: CapturedEvent) => {
  const shifted: Record<string, number> = {}
  if ('playhead_kind' in event && event.playhead_kind === 'epoch')
    for (const key of ['playhead_ms', 'from_ms', 'to_ms']) {
      const position = (event as unknown as Record<string, unknown>)[key]
      if (typeof position === 'number') shifted[key] = position - EPOCH
    }
  return shifted
}

/** The views in what was captured, in their order. */
export const viewsOf = ({ events: captured, batches }: Replayed): Observed[] => {
  const ids = [...new Set(captured.map(({ view_id }) => view_id))]
  return ids.map((id) => {
    const own = captured.filter(({ view_id }) => view_id === id)
    const begin = own[0]!.ts - EPOCH - own[0]!.t_ms
    const events = own.map((event) => ({ ...event, ...sinceEpoch(event), at_ms: begin + event.t_ms }))
    const rebuffers: Observed['rebuffers'] = []
    for (const event of events) {
      if (event.type === 'rebuffer_start')
        rebuffers.push({
          at_ms: event.at_ms,
          duration_ms: Number.NaN,
          ended_by: 'nothing',
          detected_by: event.detected_by,
        })
      if (event.type === 'rebuffer_end')
        Object.assign(rebuffers.at(-1)!, { duration_ms: event.duration_ms, ended_by: event.ended_by })
    }
    const last = events.findLast((event) => 'totals' in event) as { totals: Totals } | undefined
    const context = batches.findLast(({ view_id }) => view_id === id)?.context
    return { events, states: statesOf(events), rebuffers, totals: last?.totals ?? {}, context }
  })
}
