import type { Batch } from '../batch.ts'
import type { PlayerEvent } from '../events/index.ts'
import { totalsOf } from '../events/totalsOf.ts'
import { checkOrder, type OrderViolation } from '../order/checkOrder.ts'
import { type Compared, compareTotals } from '../view/compareTotals.ts'
import { countTotals } from '../view/countTotals.ts'
import { type Stretch, stateTimeline } from '../view/stateTimeline.ts'

/** What the events of a view tell, and where they contradict one another. */
export interface ExplainedView {
  view_id: string
  content_id: string
  player: string
  specs: string[]
  batches: number
  events: number
  /** Events that are missing below the highest number, by `seq`. */
  missing: number
  elapsed_ms: number
  timeline: Stretch[]
  violations: OrderViolation[]
  totals: Compared[]
  dropped: Record<string, number>
  /** False for what came as CMCD: its events leave gaps in `seq`, begin things that never end, and carry few totals. */
  isNumbered: boolean
}

/** Holds the newest totals against the same counted from the events up to the one that carries them. */
const compareNewest = (events: readonly PlayerEvent[], spec: string): Compared[] => {
  const last = events.findLast((event) => totalsOf(event))
  const said = last && totalsOf(last)
  return said ? compareTotals(said, countTotals(events.filter(({ seq }) => seq <= last.seq)), spec) : []
}

/** Explains a view from its batches, in any order and however often repeated. */
export const explainView = (batches: readonly Batch[]): ExplainedView => {
  const bySeq = new Map(batches.flatMap(({ events }) => events).map((event) => [event.seq, event]))
  const events = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  const newest = batches.reduce((found, batch) => (batch.sent_at >= found.sent_at ? batch : found))
  const { view_id, context, sdk, spec, upcast_from, dropped = {} } = newest
  const isNumbered = sdk.name !== 'cmcd'
  return {
    view_id,
    content_id: context.content.id,
    player: [context.player.name, context.player.engine].filter(Boolean).join(', '),
    specs: [...new Set(batches.map(({ spec, upcast_from }) => upcast_from ?? spec))],
    batches: batches.length,
    events: events.length,
    missing: isNumbered ? (events.at(-1)?.seq ?? -1) + 1 - events.length : 0,
    elapsed_ms: events.at(-1)?.t_ms ?? 0,
    timeline: stateTimeline(events),
    violations: isNumbered ? checkOrder(events) : [],
    totals: isNumbered ? compareNewest(events, upcast_from ?? spec) : [],
    isNumbered,
    dropped,
  }
}
