import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Drained } from '../spill/drainSpill.ts'

const SERVICE = { serviceName: 'viewbeat-ingest' }

/** Says what a run of the drain has found and done, as metrics on standard output; and why something is left, as a line. */
export const powertoolsDrainObserver =
  (metrics = new Metrics({ namespace: 'Viewbeat', ...SERVICE }), logger = new Logger(SERVICE)) =>
  ({ found, failed, records, oldest_s, reason }: Drained) => {
    metrics
      .addMetric('SpillObjects', MetricUnit.Count, found)
      .addMetric('SpillDrained', MetricUnit.Count, records)
      .addMetric('SpillOldestSeconds', MetricUnit.Seconds, oldest_s)
      .publishStoredMetrics()
    if (reason !== undefined) logger.warn('spill not drained as it should be', { failed, reason })
  }
