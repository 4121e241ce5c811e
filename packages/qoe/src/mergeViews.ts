import type { ViewRecord } from '@viewbeat/schema'
import { chooseNewer } from './newest.ts'

/** Whether a record may be of anything else than the producer's own totals. */
const isCounted = ({ basis }: ViewRecord) => basis === 'events'

/**
 * Of two records of one view the one that knows more: what is from totals before what was counted, then the newer. So
 * records that were folded apart, in any grouping and order, merge into the record that all of their events fold into.
 * Two that were both counted do not add up: fold their events together instead.
 */
export const mergeViews = (a: ViewRecord, b: ViewRecord): ViewRecord =>
  isCounted(a) === isCounted(b) ? chooseNewer(a, b) : isCounted(a) ? b : a
