import type { FlatEvent } from '@viewbeat/schema'
import type { PlacedRecord } from '../consume/readRecords.ts'
import type { EventOperation } from './eventOperations.ts'

/** What the records of an invocation have of a view. */
export interface ViewEvents {
  viewId: string
  records: [PlacedRecord, ...PlacedRecord[]]
  events: FlatEvent[]
}

/** The events by their views, each with the records that they came with. */
export const groupByView = (operations: readonly EventOperation[]): ViewEvents[] => {
  const views = new Map<string, ViewEvents>()
  for (const { placed, event } of operations) {
    const viewId = event.view_id
    const known = views.get(viewId)
    if (!known) views.set(viewId, { viewId, records: [placed], events: [event] })
    else {
      if (known.records.at(-1) !== placed) known.records.push(placed)
      known.events.push(event)
    }
  }
  return [...views.values()]
}
