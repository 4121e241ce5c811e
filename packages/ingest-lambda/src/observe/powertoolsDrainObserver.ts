import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Drained } from '../spill/drainSpill.ts'

/** Says what a run of the drain has found and done, as metrics on standard output. */
export const powertoolsDrainObserver =
  (metrics = new Metrics({ namespace: 'Viewbeat', serviceName: 'viewbeat-ingest' })) =>
  ({ found, records, oldest_s }: Drained) => {
    metrics
      .addMetric('SpillObjects', MetricUnit.Count, found)
      .addMetric('SpillDrained', MetricUnit.Count, records)
      .addMetric('SpillOldestSeconds', MetricUnit.Seconds, oldest_s)
      .publishStoredMetrics()
  }
