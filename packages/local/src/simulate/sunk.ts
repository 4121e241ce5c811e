import type { FlatEvent, QuarantineEntry, ViewRecord } from '@viewbeat/schema'
import type { Finding } from './finding.ts'
import type { Delivery } from './runSink.ts'
import type { Stage } from './weather.ts'

/** What a sink has in the end. */
export interface Sunk {
  stage: Stage
  deliveries: Delivery[]
  quarantined: QuarantineEntry[]
  /** All copies of the events that its store has. */
  events: FlatEvent[]
  /** The view records that its store has; an archive has none. */
  views: ViewRecord[] | undefined
  /** What is wrong that only the sink's own store can tell. */
  wrong: Finding[]
}
