import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { SinkObserver } from './observer.ts'

/** How many records a log line names; the metrics count them all. */
const MAX_NAMED = 20

/**
 * Counts in CloudWatch's embedded metric format, by the dimension `service`, and logs in JSON, both on standard output, by
 * Powertools. A line of metrics an invocation, zeros too: an alarm on a share needs the whole. A log line only when
 * something was not stored: reasons and sequence numbers, never what was sent.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/metrics/
 */
export const powertoolsSinkObserver = (
  serviceName: string,
  metrics = new Metrics({ namespace: 'Viewbeat', serviceName }),
  logger = new Logger({ serviceName }),
): SinkObserver => ({
  consumed(facts) {
    metrics
      .addMetric('Records', MetricUnit.Count, facts.records)
      .addMetric('Events', MetricUnit.Count, facts.events)
      .addMetric('Poison', MetricUnit.Count, facts.poison)
      .addMetric('Refused', MetricUnit.Count, facts.refused)
      .addMetric('Failed', MetricUnit.Count, facts.failed)
      .addMetric('BulkRejections', MetricUnit.Count, facts.bulkRejections)
      .addMetric('Lag', MetricUnit.Milliseconds, facts.lag_ms)
      .addMetric('Duration', MetricUnit.Milliseconds, facts.duration_ms)
      .publishStoredMetrics()

    const { records, failed, failedFrom, reason, quarantined } = facts
    if (failed > 0) logger.error('handed back', { records, failed, failed_from: failedFrom, reason })
    if (quarantined.length > 0)
      logger.warn('refused', {
        poison: facts.poison,
        refused: facts.refused,
        codes: [...new Set(quarantined.map(({ code }) => code))],
        sequence_numbers: [...new Set(quarantined.map(({ sequenceNumber }) => sequenceNumber))].slice(
          0,
          MAX_NAMED,
        ),
      })
  },
})
