import { DAYS, SECONDS } from './month.ts'

/** What a view sends, on average. */
export interface ViewSends {
  requests: number
  events: number
  body_bytes: number
  records: number
  record_bytes: number
  record_kib: number
  record_units: number
  single_bytes: number
  single_kib: number
}

/** What arrives in a month. */
export interface Traffic {
  views: number
  /** A second, on average. */
  requestsPerSecond: number
  eventsPerSecond: number
  requests: number
  events: number
  bodyBytes: number
  records: number
  recordBytes: number
  /** KiB that on-demand streams bill, and 25 KiB units that shards do. */
  recordKib: number
  recordUnits: number
}

/** A month of views. `isBatched` false: each event is a request and a record of its own. */
export const trafficOf = (view: ViewSends, viewsPerDay: number, isBatched = true): Traffic => {
  const views = viewsPerDay * DAYS
  const of = isBatched
    ? view
    : {
        ...view,
        requests: view.events,
        records: view.events,
        body_bytes: view.single_bytes,
        record_bytes: view.single_bytes,
        record_kib: view.single_kib,
        // No event is over 25 KiB.
        record_units: view.events,
      }
  return {
    views,
    requestsPerSecond: (of.requests * views) / SECONDS,
    eventsPerSecond: (of.events * views) / SECONDS,
    requests: of.requests * views,
    events: of.events * views,
    bodyBytes: of.body_bytes * views,
    records: of.records * views,
    recordBytes: of.record_bytes * views,
    recordKib: of.record_kib * views,
    recordUnits: of.record_units * views,
  }
}
