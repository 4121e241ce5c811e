import type { FlatEvent } from '@viewbeat/schema'
import { createLedger } from '../consume/createLedger.ts'
import type { Write } from '../consume/createSink.ts'
import { isStored, nameOf } from './bulkAll.ts'
import { type EventOperation, eventOperations } from './eventOperations.ts'
import { groupByView } from './groupByView.ts'
import { openSession } from './openSession.ts'
import type { SearchIndex } from './searchIndex.ts'
import type { Patience } from './tryUntil.ts'
import { hasTotals, noteViews, settleCopies, toViewWrite, writeCounted } from './writeViews.ts'

/** One operation for each id, the first one: a copy would only be answered that it is there. */
const distinct = (operations: readonly EventOperation[]): EventOperation[] => {
  const byId = new Map<string, EventOperation>()
  for (const item of operations) if (!byId.has(item.operation.id)) byId.set(item.operation.id, item)
  return [...byId.values()]
}

/**
 * Writes records into a search index: each event once by its identity, and a record of each view unless one that knows
 * more is there, so that any order and any repetition end the same. Where the records have no totals of a view, it is
 * counted from all that is stored of it.
 */
export const createSearchWrite =
  ({ index, ...patience }: { index: SearchIndex } & Patience): Write =>
  async (records, deadline) => {
    const ledger = createLedger('search')
    const session = openSession(index, deadline, patience)

    const operations = records.flatMap((placed) => {
      try {
        return eventOperations(placed)
      } catch (error) {
        ledger.refuseRecord(placed, (error as Error).message)
        return []
      }
    })
    const events = distinct(operations)
    const views = groupByView(operations)
    const told = views.filter(hasTotals).flatMap((of) => toViewWrite(ledger, of))

    const items = await session.bulk([...events, ...told].map(({ operation }) => operation))
    const notStored = new Set<FlatEvent>()
    for (const [place, { placed, event }] of events.entries()) {
      const item = items[place]
      if (item && isStored(item)) continue
      notStored.add(event)
      if (!item) ledger.fail(placed)
      else ledger.refuseEvent(placed, event.seq, nameOf(item))
    }
    await settleCopies(session, ledger, noteViews(ledger, told, items.slice(events.length)))
    const untold = views.filter((of) => !hasTotals(of))
    await writeCounted(session, ledger, untold, (event) => !notStored.has(event))
    return { ...ledger.written(), ...session.troubles() }
  }
