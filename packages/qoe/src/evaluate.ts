import type { ViewRecord } from '@viewbeat/schema'
import type { Metric } from './definitions/metric.ts'

/** What a formula says of one view, as a number; null where it says nothing of it. */
export const evaluate = (metric: Metric, view: ViewRecord): number | null => {
  switch (metric.kind) {
    case 'ratio': {
      const ratio = metric.of(view)
      return ratio && ratio.part / ratio.whole
    }
    case 'survival':
      return metric.of(view)?.ms ?? null
    case 'unknown':
      return null
    default:
      return metric.of(view)
  }
}
