import { flattenRecord, type StreamRecord } from '@viewbeat/schema'
import type { FirehoseTransformationEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import type { SinkFacts } from '../consume/observer.ts'
import { createFirehoseTransform } from './createFirehoseTransform.ts'

const received = Date.UTC(2026, 10, 22, 5, 59, 59)

/** An invocation as a delivery stream makes it that reads a Kinesis stream. */
const firehoseEvent = (records: (StreamRecord | Buffer)[]): FirehoseTransformationEvent => ({
  invocationId: '2b4d1ad9-2f48-94bd-a088-767c317e994a',
  deliveryStreamArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/viewbeat-archive',
  sourceKinesisStreamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/viewbeat',
  region: 'us-east-1',
  records: streamEvent(records).Records.map(({ kinesis }) => ({
    recordId: `shardId-0000000000000000000000000000000000000000000${kinesis.sequenceNumber}`,
    approximateArrivalTimestamp: 1790000036200,
    data: kinesis.data,
    kinesisRecordMetadata: {
      shardId: 'shardId-000000000000',
      partitionKey: 'key',
      approximateArrivalTimestamp: 1790000036200,
      sequenceNumber: kinesis.sequenceNumber,
      subsequenceNumber: '',
    },
  })),
})
const textOf = (data: string | undefined) => Buffer.from(data ?? '', 'base64').toString()

/** A record that is larger as flat events than it is itself. */
const growing = (): StreamRecord => {
  const record = aRecord({ received_at: received })
  Object.assign(record.batch.context, { ext: { note: 'x'.repeat(10_000) } })
  return record
}

describe('the transformation for a delivery stream', () => {
  it('answers a record as its flat events, a newline after each', async () => {
    const { records } = await createFirehoseTransform()(firehoseEvent([aRecord()]))
    const text = textOf(records[0]!.data)
    expect(records[0]).toMatchObject({ result: 'Ok' })
    expect(text.endsWith('}\n')).toBe(true)
    const lines = text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(flattenRecord(aRecord()))
  })

  it('names the partition by the hour in which the record was received', async () => {
    const { records } = await createFirehoseTransform()(firehoseEvent([aRecord({ received_at: received })]))
    expect(records[0]!.metadata).toEqual({ partitionKeys: { dt: '2026-11-22', hour: '05' } })
  })

  it('answers for every record by its id, in their order', async () => {
    const event = firehoseEvent([aRecord(), Buffer.from('poison'), aRecord()])
    const { records } = await createFirehoseTransform()(event)
    expect(records.map(({ recordId }) => recordId)).toEqual(event.records.map(({ recordId }) => recordId))
    expect(records.map(({ result }) => result)).toEqual(['Ok', 'ProcessingFailed', 'Ok'])
  })

  it('leaves out a batch without events', async () => {
    const empty = aRecord({ batch: { ...aRecord().batch, events: [] } })
    const { records } = await createFirehoseTransform()(firehoseEvent([empty]))
    expect(records).toMatchObject([{ result: 'Dropped' }])
  })

  it('never answers more than Lambda takes: what has no room is left to the error prefix with its bytes', async () => {
    const maxAnswerBytes = 1_000_000
    const event = firehoseEvent(Array.from({ length: 10 }, growing))
    const answer = await createFirehoseTransform({ maxAnswerBytes })(event)
    const size = JSON.stringify(answer).length
    expect(size).toBeLessThanOrEqual(maxAnswerBytes)
    // No room is wasted either: one more would not fit.
    expect(size).toBeGreaterThan(maxAnswerBytes / 2)
    const results = answer.records.map(({ result }) => result)
    expect(results).toHaveLength(10)
    expect(new Set(results)).toEqual(new Set(['Ok', 'ProcessingFailed']))
  })

  it('keeps room for what it answers of the records behind', async () => {
    const maxAnswerBytes = 1_000_000
    const poison = Array.from({ length: 2000 }, () => Buffer.from('poison'))
    const answer = await createFirehoseTransform({ maxAnswerBytes })(
      firehoseEvent([growing(), growing(), ...poison]),
    )
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(maxAnswerBytes)
    expect(answer.records.slice(0, 2).map(({ result }) => result)).toEqual(['Ok', 'ProcessingFailed'])
  })

  it('finds room for a small record behind one that had none', async () => {
    const { records } = await createFirehoseTransform({ maxAnswerBytes: 50_000 })(
      firehoseEvent([growing(), aRecord()]),
    )
    expect(records.map(({ result }) => result)).toEqual(['ProcessingFailed', 'Ok'])
  })

  it('fits what a buffer of half a megabyte holds of ordinary batches', async () => {
    const record = aRecord()
    const size = JSON.stringify(record).length
    const { records } = await createFirehoseTransform()(
      firehoseEvent(Array.from({ length: Math.ceil(500_000 / size) }, () => record)),
    )
    expect(new Set(records.map(({ result }) => result))).toEqual(new Set(['Ok']))
  })

  it('tells what it did', async () => {
    const told: SinkFacts[] = []
    const transform = createFirehoseTransform({
      now: () => received + 4000,
      observer: { consumed: (facts) => told.push(facts) },
      maxAnswerBytes: 50_000,
    })
    await transform(firehoseEvent([growing(), Buffer.from('poison'), aRecord({ received_at: received })]))
    expect(told).toMatchObject([
      {
        records: 3,
        events: 2 * aRecord().batch.events.length,
        poison: 1,
        refused: 1,
        failed: 0,
        lag_ms: 4000,
        quarantined: [
          { sequenceNumber: '101', code: 'unreadable' },
          { sequenceNumber: '100', code: 'record_too_large' },
        ],
      },
    ])
  })
})
