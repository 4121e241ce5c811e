import type { GatewayMetric } from '../resources/createGateway.ts'
import type { Settings } from '../settings/settings.ts'
import type { AlarmRow, Series } from './alarmRow.ts'
import { readerAlarms, type WatchedReaders } from './readerAlarms.ts'
import { AT_ONCE, STAYS, share } from './rules.ts'

/** What alarms watch, by the names that AWS gave. */
export interface Watched extends WatchedReaders {
  service: string
  namespace: string
  ingest: string
  drain: string
  deliveryStream: string
  requests: GatewayMetric
  serverErrors: GatewayMetric
}

/** All alarms, those that mean lost data first. */
export const alarmTable = (
  settings: Pick<Settings, 'alarms' | 'keys' | 'stream' | 'search'>,
  watched: Watched,
): AlarmRow[] => {
  const { alarms, keys } = settings
  const { service, namespace, ingest, drain, deliveryStream, requests, serverErrors } = watched
  const ours = (
    metric: string,
    statistic: Series['statistic'] = 'Sum',
    more: Record<string, string> = {},
  ): Series => ({
    namespace,
    metric,
    dimensions: { service, ...more },
    statistic,
  })
  const lambda = (metric: string, FunctionName: string): Series => ({
    namespace: 'AWS/Lambda',
    metric,
    dimensions: { FunctionName },
    statistic: 'Sum',
  })
  const publishers =
    alarms.publishers ??
    [...new Set(Object.values(keys.document).map(({ publisher }) => publisher))].toSorted()

  return [
    {
      runbook: 'unavailable',
      why: 'Requests are answered 503: neither the stream nor the spill store takes the data. Players keep it for a while.',
      series: { unavailable: ours('Unavailable') },
      ...AT_ONCE,
    },
    {
      runbook: 'spill-failed',
      why: 'What the stream did not take could not be put into the spill store either.',
      series: { failed: ours('SpillFailed') },
      ...AT_ONCE,
    },
    {
      runbook: 'spill-not-empty',
      why: 'Records have waited in the spill store for over 5 minutes: they are safe, and no sink sees them.',
      series: { oldest: ours('SpillOldestSeconds', 'Maximum') },
      comparison: '>',
      threshold: 300,
      periodS: 60,
      datapoints: 3,
      periods: 5,
      missing: 'notBreaching',
    },
    {
      runbook: 'drain-stopped',
      why: 'The drain has not reported for 10 minutes: what is spilled stays there, and the alarm on it is blind.',
      series: { runs: ours('SpillObjects', 'SampleCount') },
      comparison: '<',
      threshold: 1,
      periodS: 300,
      datapoints: 2,
      periods: 2,
      missing: 'breaching',
    },
    {
      runbook: 'quarantine-failed',
      why: 'Refused batches could not be kept: their requests are answered 503.',
      series: { failed: ours('QuarantineFailed') },
      ...AT_ONCE,
    },
    {
      runbook: 'quarantine-late',
      why: 'Firehose has not written refused batches to their bucket for over 30 minutes. It keeps them 24 hours.',
      series: {
        age: {
          namespace: 'AWS/Firehose',
          metric: 'DeliveryToS3.DataFreshness',
          dimensions: { DeliveryStreamName: deliveryStream },
          statistic: 'Maximum',
        },
      },
      comparison: '>',
      threshold: 1800,
      periodS: 300,
      datapoints: 2,
      periods: 2,
      missing: 'notBreaching',
    },
    {
      runbook: 'function-errors',
      of: 'ingest',
      why: 'The ingest failed outright: a crash, a timeout, or settings that it cannot start with.',
      series: { errors: lambda('Errors', ingest) },
      ...AT_ONCE,
    },
    {
      runbook: 'function-errors',
      of: 'drain',
      why: 'The drain failed outright, 3 times in 5 minutes.',
      series: { errors: lambda('Errors', drain) },
      ...AT_ONCE,
      datapoints: 3,
      periods: 5,
    },
    {
      runbook: 'throttled-function',
      why: 'Lambda turned requests away: the reserved concurrency or the account is exhausted. Players send again.',
      series: { throttles: lambda('Throttles', ingest) },
      ...AT_ONCE,
    },
    {
      runbook: 'server-errors',
      why: `More than ${alarms.errorPercent} % of requests are answered 5xx.`,
      series: {
        errors: { ...serverErrors, statistic: 'Sum' },
        requests: { ...requests, statistic: 'Sum' },
      },
      expression: share('FILL(errors, 0)', 'requests', alarms.minimum),
      threshold: alarms.errorPercent,
      ...STAYS,
    },
    {
      runbook: 'put-retries',
      why: `More than ${alarms.retriedPercent} % of records need another try: the stream is near what it takes.`,
      series: { retried: ours('RecordsRetried'), batches: ours('Batches') },
      expression: share('FILL(retried, 0)', 'batches', alarms.minimum),
      threshold: alarms.retriedPercent,
      ...STAYS,
    },
    {
      runbook: 'keys-stale',
      why: 'The keys document cannot be read: the keys read last stay in force, and changes wait.',
      series: { stale: ours('KeysStale') },
      ...AT_ONCE,
      datapoints: 3,
      periods: 5,
    },
    {
      runbook: 'keys-invalid',
      why: 'Entries of the keys document are broken and left out: as they were before, they stay in force.',
      series: { invalid: ours('KeysInvalid') },
      ...AT_ONCE,
    },
    {
      runbook: 'sdk-losses',
      why: `Players report over ${alarms.lostPercent} % of events as lost before they could be sent.`,
      series: { lost: ours('EventsDropped'), accepted: ours('EventsAccepted') },
      expression: share('FILL(lost, 0)', 'FILL(lost, 0) + FILL(accepted, 0)', alarms.minimum),
      threshold: alarms.lostPercent,
      ...STAYS,
    },
    {
      runbook: 'throttled-keys',
      why: `More than ${alarms.throttledPercent} % of requests are answered 429: a key is over its quota.`,
      series: { throttled: ours('Throttled'), requests: ours('Requests') },
      expression: share('FILL(throttled, 0)', 'requests', alarms.minimum),
      threshold: alarms.throttledPercent,
      ...STAYS,
    },
    {
      runbook: 'slow',
      why: `One request in a hundred takes over ${alarms.p99Ms} ms in the function.`,
      series: { duration: ours('Duration', 'p99') },
      threshold: alarms.p99Ms,
      ...STAYS,
    },
    ...publishers.map(
      (publisher): AlarmRow => ({
        runbook: 'rejected-share',
        of: publisher,
        why: `More than ${alarms.rejectedPercent} % of the events of ${publisher} are refused.`,
        series: {
          rejected: ours('EventsRejected', 'Sum', { publisher }),
          accepted: ours('EventsAccepted', 'Sum', { publisher }),
        },
        expression: share('FILL(rejected, 0)', 'FILL(rejected, 0) + FILL(accepted, 0)', alarms.minimum),
        threshold: alarms.rejectedPercent,
        ...STAYS,
      }),
    ),
    ...(alarms.silenceMinutes
      ? [
          {
            runbook: 'silence',
            why: `No request for ${alarms.silenceMinutes} minutes: DNS, certificate, gateway, or a page that was changed.`,
            series: { requests: { ...requests, statistic: 'Sum' } as Series },
            comparison: '<',
            threshold: 1,
            periodS: 300,
            datapoints: alarms.silenceMinutes / 5,
            periods: alarms.silenceMinutes / 5,
            missing: 'breaching',
          } satisfies AlarmRow,
        ]
      : []),
    ...readerAlarms(settings, watched),
  ]
}
