import type { ViewRecord } from '@viewbeat/schema'
import { VIEW_INDEX } from './eventIndexOf.ts'
import type { BulkOperation } from './searchIndex.ts'

/** No view has so many events that versions of what is counted come this far. */
const FROM_TOTALS = 2 ** 40

/**
 * Which of two records of a view is newer, as a number: of what is from totals, by the newest totals' `seq`; of what was
 * counted, by how many `events` it was counted from; and anything from totals is newer than what was counted.
 */
const versionOf = ({ basis, seq }: ViewRecord, events: number): number =>
  basis === 'events'
    ? Math.min(events, FROM_TOTALS - 1)
    : Math.min(FROM_TOTALS + Math.max(0, seq), Number.MAX_SAFE_INTEGER)

/** The write that stores a view's record unless a newer one is there. `events`: how many distinct ones it was folded from. */
export const viewOperation = (view: ViewRecord, events: number): BulkOperation & { op: 'index' } => ({
  op: 'index',
  index: VIEW_INDEX,
  id: view.view_id,
  version: versionOf(view, events),
  version_type: 'external',
  document: JSON.stringify(view),
})
