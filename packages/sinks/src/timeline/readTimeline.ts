import { closeIfSilent, type Metrics, metricsOf, type Stretch, stateTimeline } from '@viewbeat/qoe'
import type { Totals, ViewRecord } from '@viewbeat/schema'
import { totalsOf } from '@viewbeat/schema/view'
import { type Batches, findBatches } from './findBatches.ts'
import { type Account, findGaps, type Gap } from './findGaps.ts'
import type { FindView, FoundEvent, Refused } from './found.ts'

/** One view: what happened when, what is not there, and which way it came. */
export interface Timeline extends Batches, Account {
  view: ViewRecord
  metrics: Metrics
  /** The newest totals, and the event that carries them. */
  totals?: { seq: number; totals: Totals }
  /** Its states one after another, ms since it began. */
  spans: Stretch[]
  /** In order, each once. */
  events: FoundEvent[]
  gaps: Gap[]
  /** Refused batches of which no number could be read. */
  refused: Refused[]
}

/** In the order of their numbers, each once: of copies the one that came first. */
const inOrder = (events: readonly FoundEvent[]): FoundEvent[] => {
  const bySeq = new Map<number, FoundEvent>()
  for (const event of events) {
    const known = bySeq.get(event.seq)
    if (!known || event.received_at < known.received_at) bySeq.set(event.seq, event)
  }
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq)
}

const newestTotals = (events: readonly FoundEvent[]): Timeline['totals'] => {
  const event = events.findLast((event) => totalsOf(event) !== undefined)
  return event && { seq: event.seq, totals: totalsOf(event)! }
}

/** Reads one view from a store; `now` by the server's clock, epoch ms. Undefined when nothing of it is there. */
export const readTimeline = async (
  find: FindView,
  viewId: string,
  now: number,
): Promise<Timeline | undefined> => {
  const found = await find(viewId)
  if (!found) return undefined
  const view = closeIfSilent(found.view, now)
  const events = inOrder(found.events)
  const account = findGaps(
    { ...found, view },
    events.map(({ seq }) => seq),
    now,
  )
  const totals = newestTotals(events)
  return {
    view,
    metrics: metricsOf(view),
    ...(totals && { totals }),
    spans: stateTimeline(events),
    events,
    ...account,
    refused: (found.refused ?? []).filter(({ seq }) => seq === null),
    ...(events.length > 0 ? findBatches(events) : { batches: [], clock_offset_ms: 0 }),
  }
}
