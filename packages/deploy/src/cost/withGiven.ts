import type { ViewSends } from './trafficOf.ts'

/** What somebody knows better than our measurement. */
export interface Given {
  eventsPerView?: number | undefined
  eventsPerRequest?: number | undefined
  recordBytes?: number | undefined
}

const KIB = 1024
const UNIT = 25 * KIB

/** The same view with what somebody knows better. */
export const withGiven = (
  view: ViewSends,
  { eventsPerView, eventsPerRequest, recordBytes }: Given,
): ViewSends => {
  if (eventsPerView === undefined && eventsPerRequest === undefined && recordBytes === undefined) return view
  const events = eventsPerView ?? view.events
  const requests = events / (eventsPerRequest ?? view.events / view.requests)
  const record = recordBytes ?? view.record_bytes / view.records
  const single = view.single_bytes / view.events
  return {
    events,
    requests,
    records: requests,
    body_bytes: (view.body_bytes / view.record_bytes) * record * requests,
    record_bytes: record * requests,
    // One size for all is all there is to round.
    record_kib: Math.ceil(record / KIB) * requests,
    record_units: Math.ceil(record / UNIT) * requests,
    single_bytes: single * events,
    single_kib: Math.ceil(single / KIB) * events,
  }
}
