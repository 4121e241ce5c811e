import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Observer, RequestFacts } from './observer.ts'

/**
 * How long requests wait to be counted together, ms: a line for each would cost a quarter of what the whole ingest costs,
 * and let strangers run up that bill. What an instance has not said when it is ended, a second's worth at most, is missing
 * from the metrics; the archive is exact.
 */
const EVERY_MS = 1000

/** The most values of a metric in a line: at 100, what CloudWatch takes, Powertools publishes by itself. */
const MAX_VALUES = 99

/** How many refusals are logged with each count; the metrics count them all. */
const MAX_LOGGED = 5

type Dimensions = Record<string, string>
type Counts = Record<string, number>

const sum = (counts: Counts) => Object.values(counts).reduce((all, count) => all + count, 0)

/** What is counted until it is said, by the dimensions that it is said with beside `service`. */
const createTally = () => {
  const sets = new Map<string, { dimensions: Dimensions; counts: Counts }>()
  return {
    sets,
    add(name: string, count: number, dimensions: Dimensions = {}) {
      if (count === 0) return
      const key = Object.values(dimensions).join(' ')
      const set = sets.get(key) ?? { dimensions, counts: {} }
      set.counts[name] = (set.counts[name] ?? 0) + count
      sets.set(key, set)
    },
  }
}

/**
 * Counts in CloudWatch's embedded metric format and logs in JSON, both on standard output, by Powertools: together for a
 * second, but for data that could not be stored, which is said at once.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/metrics/
 */
export const powertoolsObserver = (
  now: () => number,
  metrics = new Metrics({ namespace: 'Viewbeat', serviceName: 'viewbeat-ingest' }),
  logger = new Logger({ serviceName: 'viewbeat-ingest' }),
): Observer => {
  let tally = createTally()
  let durations: number[] = []
  let skews: number[] = []
  let logged = 0
  let saidAt = Number.NEGATIVE_INFINITY

  const count = (facts: RequestFacts) => {
    const { status, publisher, failed, dropped } = facts
    const rejected = sum(facts.rejected)
    tally.add('Requests', 1)
    tally.add('BytesReceived', facts.bytes)
    tally.add('Batches', facts.batches)
    tally.add('EventsAccepted', facts.accepted)
    tally.add('EventsRejected', rejected)
    tally.add('EventsSampledOut', facts.sampledOut)
    tally.add('EventsUnknown', facts.unknownEvents)
    tally.add('FieldsUnknown', facts.unknownFields)
    tally.add('RecordsRetried', facts.retried)
    tally.add('RecordsSpilled', facts.spilled)
    tally.add('QuarantineEntries', facts.quarantined)
    tally.add('Unavailable', Number(status === 503))
    tally.add('Throttled', Number(status === 429))
    tally.add('SpillFailed', Number(failed.includes('spill')))
    tally.add('QuarantineFailed', Number(failed.includes('quarantine')))
    if (publisher !== undefined) {
      tally.add('EventsAccepted', facts.accepted, { publisher })
      tally.add('EventsRejected', rejected, { publisher })
      tally.add('QuarantineEntries', facts.quarantined, { publisher })
      tally.add('Throttled', Number(status === 429), { publisher })
    }
    for (const code in facts.rejected) tally.add('EventsRejected', facts.rejected[code]!, { code })
    for (const { sdk, reason, events } of dropped) {
      tally.add('EventsDropped', events)
      tally.add('EventsDropped', events, { sdk, reason })
    }
    durations.push(facts.duration_ms)
    for (const skew of facts.skews_ms) if (skews.length < MAX_VALUES) skews.push(skew)
  }

  const say = () => {
    for (const { dimensions, counts } of tally.sets.values()) {
      const isWhole = Object.keys(dimensions).length === 0
      if (!isWhole) metrics.addDimensions(dimensions)
      for (const [name, count] of Object.entries(counts))
        metrics.addMetric(name, name === 'BytesReceived' ? MetricUnit.Bytes : MetricUnit.Count, count)
      if (isWhole) {
        for (const ms of durations) metrics.addMetric('Duration', MetricUnit.Milliseconds, ms)
        for (const ms of skews) metrics.addMetric('ClockSkew', MetricUnit.Milliseconds, ms)
      }
      metrics.publishStoredMetrics()
    }
    tally = createTally()
    durations = []
    skews = []
    logged = 0
    saidAt = now()
  }

  const log = ({ id, publisher, status, rejected, dropped, failed, reason, spilled }: RequestFacts) => {
    const line = { request_id: id, publisher, status, rejected, dropped, failed, reason, spilled }
    if (failed.length > 0) logger.error('not stored as it should be', line)
    else if ((status >= 400 || sum(rejected) > 0) && logged++ < MAX_LOGGED) logger.info('refused', line)
  }

  return {
    answered(facts) {
      count(facts)
      log(facts)
      if (facts.failed.length > 0 || durations.length === MAX_VALUES || now() - saidAt >= EVERY_MS) say()
    },
    keysInTrouble(trouble, faults) {
      metrics.addMetric(trouble === 'stale' ? 'KeysStale' : 'KeysInvalid', MetricUnit.Count, 1)
      metrics.publishStoredMetrics()
      logger.error(`keys ${trouble}`, { faults: faults.slice(0, 20) })
    },
  }
}
