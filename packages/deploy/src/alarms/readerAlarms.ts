import type { Settings } from '../settings/settings.ts'
import type { AlarmRow, Series } from './alarmRow.ts'
import { AT_ONCE, STAYS, share } from './rules.ts'

/** A sink, by the names that AWS gave. */
export interface WatchedSink {
  name: string
  service: string
  function: string
  /** Id of its event source mapping. */
  mapping: string
  windowS: number
}

/** What reads the stream. */
export interface WatchedReaders {
  sinks: WatchedSink[]
  archiveFirehose?: { deliveryStream: string; function: string }
  view?: string
  searchDomain?: Record<'DomainName' | 'ClientId', string>
}

const MB_A_GB = 1024

/** Alarms on what reads the stream, those that mean lost data first. */
export const readerAlarms = (
  { alarms, stream, search }: Pick<Settings, 'alarms' | 'stream' | 'search'>,
  {
    sinks,
    archiveFirehose,
    view,
    searchDomain,
    ...ingest
  }: WatchedReaders & { service: string; namespace: string },
): AlarmRow[] => {
  const ours = (metric: string, service: string, statistic: Series['statistic'] = 'Sum'): Series => ({
    namespace: ingest.namespace,
    metric,
    dimensions: { service },
    statistic,
  })
  const aws = (
    namespace: string,
    metric: string,
    dimensions: Record<string, string>,
    statistic: Series['statistic'] = 'Sum',
  ): Series => ({ namespace: `AWS/${namespace}`, metric, dimensions, statistic })
  // A quarter: who is woken has as long again, and again, before the stream forgets.
  const tooOld_ms = (stream.retentionHours * 3_600_000) / 4
  const tooOldHours = tooOld_ms / 3_600_000

  const rows: AlarmRow[] = []
  const each = (row: (sink: WatchedSink) => AlarmRow) => void rows.push(...sinks.map(row))

  each(({ name, mapping, function: FunctionName }) => ({
    runbook: 'records-lost',
    of: name,
    why: `Records that the ${name} sink did not take are lost to it: the on-failure bucket did not take them either.`,
    series: {
      dropped: aws('Lambda', 'DroppedEventCount', { EventSourceMappingUUID: mapping }),
      undelivered: aws('Lambda', 'DestinationDeliveryFailures', { FunctionName }),
    },
    expression: 'FILL(dropped, 0) + FILL(undelivered, 0)',
    ...AT_ONCE,
  }))
  each(({ name, mapping }) => ({
    runbook: 'records-given-up',
    of: name,
    why: `The ${name} sink did not take records in all its tries: they are in the on-failure bucket.`,
    series: {
      delivered: aws('Lambda', 'OnFailureDestinationDeliveredEventCount', {
        EventSourceMappingUUID: mapping,
      }),
    },
    ...AT_ONCE,
  }))
  each(({ name, function: FunctionName }) => ({
    runbook: 'sink-behind',
    of: name,
    why: `The ${name} sink reads what is over ${tooOldHours} hours old: a quarter of what the stream remembers.`,
    series: { age: aws('Lambda', 'IteratorAge', { FunctionName }, 'Maximum') },
    comparison: '>',
    threshold: tooOld_ms,
    periodS: 300,
    datapoints: 2,
    periods: 3,
    missing: 'notBreaching',
  }))
  if (archiveFirehose)
    rows.push({
      runbook: 'sink-behind',
      of: 'archive-firehose',
      why: `Firehose reads what is over ${tooOldHours} hours old: a quarter of what the stream remembers.`,
      series: {
        behind: aws(
          'Firehose',
          'KinesisMillisBehindLatest',
          { DeliveryStreamName: archiveFirehose.deliveryStream },
          'Maximum',
        ),
      },
      comparison: '>',
      threshold: tooOld_ms,
      periodS: 300,
      datapoints: 2,
      periods: 3,
      missing: 'notBreaching',
    })
  each(({ name, service }) => ({
    runbook: 'sink-stopped',
    of: name,
    why: `Batches are put on the stream, and the ${name} sink has been given none for 15 minutes.`,
    series: {
      batches: ours('Batches', ingest.service),
      spilled: ours('RecordsSpilled', ingest.service),
      runs: ours('Records', service, 'SampleCount'),
    },
    // 1 while there is nothing to read: a quiet night is not a stopped sink, nor is a stream that takes nothing.
    expression: `IF(FILL(batches, 0) - FILL(spilled, 0) >= ${alarms.minimum}, FILL(runs, 0), 1)`,
    comparison: '<',
    threshold: 1,
    periodS: 300,
    datapoints: 3,
    periods: 3,
    missing: 'notBreaching',
  }))
  each(({ name, function: FunctionName }) => ({
    runbook: 'function-errors',
    of: name,
    why: `The ${name} sink failed outright: a crash, a timeout, or settings that it cannot start with.`,
    series: { errors: aws('Lambda', 'Errors', { FunctionName }) },
    ...AT_ONCE,
    datapoints: 3,
    periods: 5,
  }))
  if (archiveFirehose)
    rows.push({
      runbook: 'function-errors',
      of: 'transform',
      why: 'The function that makes lines for Firehose failed outright, 3 times in 5 minutes.',
      series: { errors: aws('Lambda', 'Errors', { FunctionName: archiveFirehose.function }) },
      ...AT_ONCE,
      datapoints: 3,
      periods: 5,
    })
  if (view)
    rows.push({
      runbook: 'function-errors',
      of: 'view',
      why: 'The function that tells of one view failed outright, 3 times in 5 minutes.',
      series: { errors: aws('Lambda', 'Errors', { FunctionName: view }) },
      ...AT_ONCE,
      datapoints: 3,
      periods: 5,
    })
  each(({ name, function: FunctionName }) => ({
    runbook: 'throttled-function',
    of: name,
    why: `Lambda lets the ${name} sink wait: sinks.concurrency is fewer than the shards need, or the account is exhausted.`,
    series: { throttles: aws('Lambda', 'Throttles', { FunctionName }) },
    ...AT_ONCE,
    datapoints: 3,
    periods: 5,
  }))
  each(({ name, service }) => ({
    runbook: 'sink-refused',
    of: name,
    why: `The ${name} sink put into quarantine what it will never store: the ingest had accepted it, so one of us is wrong.`,
    series: { poison: ours('Poison', service), refused: ours('Refused', service) },
    expression: 'FILL(poison, 0) + FILL(refused, 0)',
    ...AT_ONCE,
    periodS: 300,
  }))
  if (archiveFirehose)
    rows.push({
      runbook: 'sink-refused',
      of: 'archive-firehose',
      why: 'Records could not be made into lines for the archive: Firehose keeps them under undelivered/ in its bucket.',
      series: { poison: ours('Poison', 'viewbeat-firehose'), refused: ours('Refused', 'viewbeat-firehose') },
      expression: 'FILL(poison, 0) + FILL(refused, 0)',
      ...AT_ONCE,
      periodS: 300,
    })
  rows.push({
    runbook: 'quarantine-growth',
    why: `More than ${alarms.rejectedPercent} entries go into quarantine for 100 batches that come.`,
    series: {
      entries: ours('QuarantineEntries', ingest.service),
      batches: ours('Batches', ingest.service),
    },
    expression: share('FILL(entries, 0)', 'FILL(entries, 0) + FILL(batches, 0)', alarms.minimum),
    threshold: alarms.rejectedPercent,
    ...STAYS,
  })
  each(({ name, service, windowS }) => ({
    runbook: 'sink-lag',
    of: name,
    why: `The ${name} sink gets records over ${alarms.lagS} s later than its window of ${windowS} s lets it.`,
    series: { lag: ours('Lag', service, 'p99') },
    threshold: (alarms.lagS + windowS) * 1000,
    ...STAYS,
  }))
  if (archiveFirehose)
    rows.push({
      runbook: 'sink-lag',
      of: 'archive-firehose',
      why: 'Firehose has not written records to the archive for over 30 minutes. It keeps them as long as the stream does.',
      series: {
        age: aws(
          'Firehose',
          'DeliveryToS3.DataFreshness',
          { DeliveryStreamName: archiveFirehose.deliveryStream },
          'Maximum',
        ),
      },
      comparison: '>',
      threshold: 1800,
      periodS: 300,
      datapoints: 2,
      periods: 2,
      missing: 'notBreaching',
    })
  each(({ name, service }) => ({
    runbook: 'sink-retries',
    of: name,
    why: `The ${name} sink hands back more than ${alarms.retriedRecordsPercent} % of its records, to get them again.`,
    series: { failed: ours('Failed', service), records: ours('Records', service) },
    // However few: while a store is down, the same few records are tried again and again.
    expression: share('FILL(failed, 0)', 'records', 1),
    threshold: alarms.retriedRecordsPercent,
    ...STAYS,
  }))
  for (const { name, service } of sinks.filter((sink) => sink.name === 'search'))
    rows.push({
      runbook: 'bulk-rejections',
      of: name,
      why: `OpenSearch puts off more than ${alarms.refusedWritesPercent} % of what it is given (429, 5xx).`,
      series: { rejections: ours('BulkRejections', service), events: ours('Events', service) },
      expression: share('FILL(rejections, 0)', 'FILL(rejections, 0) + FILL(events, 0)', alarms.minimum),
      threshold: alarms.refusedWritesPercent,
      ...STAYS,
    })
  if (searchDomain)
    rows.push(
      {
        runbook: 'search-blocked',
        why: 'OpenSearch is red or takes no writes: the search sink waits, and events pile up on the stream.',
        series: {
          red: aws('ES', 'ClusterStatus.red', searchDomain, 'Maximum'),
          blocked: aws('ES', 'ClusterIndexWritesBlocked', searchDomain, 'Maximum'),
        },
        expression: 'FILL(red, 0) + FILL(blocked, 0)',
        ...AT_ONCE,
        datapoints: 3,
        periods: 5,
      },
      {
        runbook: 'search-storage',
        why: 'Less than a quarter of the disk of a node of OpenSearch is free; at about a fifth it takes no writes.',
        series: { free: aws('ES', 'FreeStorageSpace', searchDomain, 'Minimum') },
        comparison: '<',
        // The metric is in MB.
        threshold: ((search?.volumeGb ?? 0) * MB_A_GB) / 4,
        periodS: 300,
        datapoints: 2,
        periods: 3,
        missing: 'notBreaching',
      },
    )
  return rows
}
