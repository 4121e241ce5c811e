import { carriesTotals, foldView, mergeViews } from '@viewbeat/qoe'
import type { FlatEvent, ViewRecord } from '@viewbeat/schema'
import type { Ledger } from '../consume/createLedger.ts'
import type { PlacedRecord } from '../consume/readRecords.ts'
import { type BulkOutcome, isRefused, nameOf } from './bulkAll.ts'
import type { ViewEvents } from './groupByView.ts'
import type { Session } from './openSession.ts'
import type { BulkOperation } from './searchIndex.ts'
import { viewOperation } from './viewOperation.ts'

/** A view's record that is to be stored. */
export interface ViewWrite {
  of: ViewEvents
  view: ViewRecord
  operation: BulkOperation & { op: 'index' }
}

/** How many views are counted at once, and the most events that are read for it: memory and time of a small function. */
const COUNTED_AT_ONCE = 50
const MOST_EVENTS = 20_000

/** Whether a view's record can be made from these events alone. */
export const hasTotals = ({ events }: ViewEvents): boolean => events.some(carriesTotals)

const failView = (ledger: Ledger, { records }: ViewEvents) => {
  for (const placed of records) ledger.fail(placed)
}

const refuseView = (ledger: Ledger, { records }: ViewEvents, why: string) =>
  ledger.refuseView(records.at(-1) as PlacedRecord, `view: ${why}`)

/** The write of a view as of these events of it; nothing when it cannot be folded, which is noted. */
export const toViewWrite = (ledger: Ledger, of: ViewEvents, events: FlatEvent[] = of.events): ViewWrite[] => {
  try {
    const view = foldView(events)
    if (!view) return []
    return [{ of, view, operation: viewOperation(view, new Set(events.map(({ seq }) => seq)).size) }]
  } catch (error) {
    refuseView(ledger, of, (error as Error).name)
    return []
  }
}

/** Notes what became of views, and answers those of which the store has the like or something newer. */
export const noteViews = (ledger: Ledger, writes: ViewWrite[], items: BulkOutcome['items']): ViewWrite[] =>
  writes.filter(({ of }, place) => {
    const item = items[place]
    if (!item) failView(ledger, of)
    else if (isRefused(item)) refuseView(ledger, of, nameOf(item))
    return item?.status === 409
  })

const countViews = async (
  session: Session,
  ledger: Ledger,
  views: ViewEvents[],
  isStored: (event: FlatEvent) => boolean,
): Promise<void> => {
  const stored = await session.eventsOf(
    views.map(({ viewId }) => viewId),
    MOST_EVENTS,
  )
  if (!stored) {
    for (const of of views) failView(ledger, of)
    return
  }
  if (stored.length > MOST_EVENTS) {
    if (views.length === 1) return refuseView(ledger, views[0]!, 'too many events to count')
    const middle = views.length >> 1
    await countViews(session, ledger, views.slice(0, middle), isStored)
    return countViews(session, ledger, views.slice(middle), isStored)
  }
  const byView = new Map<string, FlatEvent[]>(
    views.map(({ viewId, events }) => [viewId, events.filter(isStored)]),
  )
  for (const event of stored) byView.get(event.view_id)?.push(event)
  const writes = views.flatMap((of) => toViewWrite(ledger, of, byView.get(of.viewId)!))
  noteViews(ledger, writes, await session.bulk(writes.map(({ operation }) => operation)))
}

/**
 * Stores the records of views that have no totals here, counted from all that is stored of them: what the store shows, and
 * what it took just now, which it may not show yet. Some at a time, so that much of one holds up few of the others; a view
 * that has too much of it keeps the record that it has.
 */
export const writeCounted = async (
  session: Session,
  ledger: Ledger,
  views: ViewEvents[],
  isStored: (event: FlatEvent) => boolean,
) => {
  for (let at = 0; at < views.length; at += COUNTED_AT_ONCE)
    await countViews(session, ledger, views.slice(at, at + COUNTED_AT_ONCE), isStored)
}

/**
 * Of totals that came in two copies, because a page sent a batch again, keeps the one that came first. `writes`: those that
 * the store answered it has something for.
 */
export const settleCopies = async (session: Session, ledger: Ledger, writes: ViewWrite[]) => {
  const stored = await session.viewsOf(writes.map(({ view }) => view.view_id))
  if (!stored) {
    for (const { of } of writes) failView(ledger, of)
    return
  }
  const byId = new Map(stored.map((view) => [view.view_id, view]))
  const better = writes.filter(({ view }) => {
    const there = byId.get(view.view_id)
    return there?.seq === view.seq && mergeViews(there, view) === view
  })
  const operations = better.map(({ operation }) => ({
    ...operation,
    version_type: 'external_gte' as const,
  }))
  noteViews(ledger, better, await session.bulk(operations))
}
