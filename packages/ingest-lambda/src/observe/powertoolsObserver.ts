import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { noFacts, type Observer, type RequestFacts } from './observer.ts'

/**
 * How long plain successes wait to be counted together, ms: a line for each request would cost a quarter of what the whole
 * ingest costs. What an instance has not yet said when it is ended, a second's successes, is missing from the metrics;
 * the archive is exact.
 */
const EVERY_MS = 1000

/** The most values that one line may hold of a metric. */
const MAX_VALUES = 100

type Sums = Pick<
  RequestFacts,
  | 'bytes'
  | 'batches'
  | 'accepted'
  | 'sampledOut'
  | 'unknownEvents'
  | 'unknownFields'
  | 'retried'
  | 'spilled'
  | 'quarantined'
>

/** Metric names of what is summed. */
const SUMS: Record<keyof Sums, string> = {
  bytes: 'BytesReceived',
  batches: 'Batches',
  accepted: 'EventsAccepted',
  sampledOut: 'EventsSampledOut',
  unknownEvents: 'EventsUnknown',
  unknownFields: 'FieldsUnknown',
  retried: 'RecordsRetried',
  spilled: 'RecordsSpilled',
  quarantined: 'QuarantineEntries',
}

/** What is also counted for each publisher. */
interface ByPublisher {
  accepted: number
  rejected: number
  quarantined: number
  throttled: number
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0)

/** Whether somebody should hear of it at once. */
const isNews = ({ status, rejected, dropped, failed, retried }: RequestFacts) =>
  status >= 400 || retried > 0 || failed.length > 0 || dropped.length > 0 || sum(rejected) > 0

/**
 * Counts in CloudWatch's embedded metric format and logs in JSON, both on standard output, by Powertools. Successes are
 * counted together for a second, everything else is said at once.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/metrics/
 */
export const powertoolsObserver = (
  now: () => number,
  metrics = new Metrics({ namespace: 'Viewbeat', serviceName: 'viewbeat-ingest' }),
  logger = new Logger({ serviceName: 'viewbeat-ingest' }),
): Observer => {
  let sums: Sums = noFacts('')
  let requests = 0
  let skews: number[] = []
  let durations: number[] = []
  let publishers = new Map<string, ByPublisher>()
  let saidAt = Number.NEGATIVE_INFINITY

  const put = (name: string, value: number, unit: 'Count' | 'Bytes' = 'Count') => {
    if (value > 0) metrics.addMetric(name, MetricUnit[unit], value)
  }
  /** A line of its own for each set of dimensions. */
  const sayOf = (dimensions: Record<string, string>, counts: Record<string, number>) => {
    if (sum(counts) === 0) return
    metrics.addDimensions(dimensions)
    for (const [name, count] of Object.entries(counts)) put(name, count)
    metrics.publishStoredMetrics()
  }

  const sayAll = () => {
    metrics.addMetric('Requests', MetricUnit.Count, requests)
    for (const key of Object.keys(SUMS) as (keyof Sums)[])
      put(SUMS[key], sums[key], key === 'bytes' ? 'Bytes' : 'Count')
    for (const ms of durations) metrics.addMetric('Duration', MetricUnit.Milliseconds, ms)
    for (const ms of skews) metrics.addMetric('ClockSkew', MetricUnit.Milliseconds, ms)
    metrics.publishStoredMetrics()
    for (const [publisher, counts] of publishers)
      sayOf(
        { publisher },
        {
          EventsAccepted: counts.accepted,
          EventsRejected: counts.rejected,
          QuarantineEntries: counts.quarantined,
          Throttled: counts.throttled,
        },
      )
    sums = noFacts('')
    requests = 0
    skews = []
    durations = []
    publishers = new Map()
    saidAt = now()
  }

  /** What no success has, in lines of its own. */
  const sayNews = (facts: RequestFacts) => {
    const { id, publisher, status, rejected, dropped, failed, reason, spilled } = facts
    put('EventsRejected', sum(rejected))
    put(
      'EventsDropped',
      dropped.reduce((all, { events }) => all + events, 0),
    )
    put('Unavailable', Number(status === 503))
    put('Throttled', Number(status === 429))
    put('SpillFailed', Number(failed.includes('spill')))
    put('QuarantineFailed', Number(failed.includes('quarantine')))
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
    for (const [code, events] of Object.entries(rejected)) sayOf({ code }, { EventsRejected: events })
    for (const { sdk, reason, events } of dropped) sayOf({ sdk, reason }, { EventsDropped: events })
    const line = { request_id: id, publisher, status, rejected, dropped, failed, reason, spilled }
    if (failed.length > 0) logger.error('not stored as it should be', line)
    else if (status >= 400 || sum(rejected) > 0) logger.info('refused', line)
  }

  return {
    answered(facts) {
      requests++
      for (const key of Object.keys(SUMS) as (keyof Sums)[]) sums[key] += facts[key]
      durations.push(facts.duration_ms)
      for (const skew of facts.skews_ms) if (skews.length < MAX_VALUES) skews.push(skew)
      if (facts.publisher !== undefined) {
        const counts = publishers.get(facts.publisher) ?? {
          accepted: 0,
          rejected: 0,
          quarantined: 0,
          throttled: 0,
        }
        counts.accepted += facts.accepted
        counts.rejected += sum(facts.rejected)
        counts.quarantined += facts.quarantined
        counts.throttled += Number(facts.status === 429)
        publishers.set(facts.publisher, counts)
      }
      const news = isNews(facts)
      if (news || durations.length === MAX_VALUES || now() - saidAt >= EVERY_MS) sayAll()
      if (news) sayNews(facts)
    },
    keysInTrouble(trouble, faults) {
      metrics.addMetric(trouble === 'stale' ? 'KeysStale' : 'KeysInvalid', MetricUnit.Count, 1)
      metrics.publishStoredMetrics()
      logger.error(`keys ${trouble}`, { faults: faults.slice(0, 20) })
    },
  }
}
