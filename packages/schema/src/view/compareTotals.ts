import { totalNumbers } from '../events/totalNumbers.ts'
import type { Totals } from '../totals.ts'

/** A quantity as totals say it, the same as the events of the view tell it, and what lies between them. */
export interface Compared {
  /** The field of the totals; `ads.start_count` for one of the group. */
  name: string
  said: number
  counted: number
  /** `said` less `counted`. */
  gap: number
  /** The events tell it only as nearly as they are close: a gap is no fault. */
  isEstimate: boolean
}

/** What events tell nearly: they come when something happens, and the playhead moves between them. */
const ESTIMATES = /^(content_ms|max_playhead_ms|bitrate_\w+|latency_\w+|scaled_ms|(up|down)scaling_\w+)$/

/** Unknown where absent, while any other number is 0. */
const MEASURES =
  /^(\w*startup_ms|first_\w+|page_load_ms|unique_ms|frames_\w+|bitrate_\w+|scaled_ms|(up|down)scaling_\w+|latency_\w+)$/

/** Counters that only newer totals have: a producer that does not know one cannot be held against it. */
const SINCE_1_2 = /^(autoplay_blocked_count|seek_latency_ms|rendition_(up|down)shift_count|ads\.\w+)$/

const isOlder = (spec: string) => {
  const [major = 0, minor = 0] = spec.split('.').map(Number)
  return major === 1 && minor < 2
}

/**
 * Holds totals against the same counted from events. What one side cannot know is left out, and what both say is 0.
 * `spec` is the wire version that the producer was built against.
 */
export const compareTotals = (totals: Totals, events: Totals, spec: string): Compared[] => {
  const said = totalNumbers(totals)
  const counted = totalNumbers(events)
  return [...new Set([...Object.keys(counted), ...Object.keys(said)])]
    .filter((name) => {
      if (MEASURES.test(name)) return name in said && name in counted
      return name in said || !(isOlder(spec) && SINCE_1_2.test(name))
    })
    .map((name) => {
      const [told = 0, found = 0] = [said[name], counted[name]]
      return { name, said: told, counted: found, gap: told - found, isEstimate: ESTIMATES.test(name) }
    })
    .filter(({ said: told, counted: found }) => told > 0 || found > 0)
}
