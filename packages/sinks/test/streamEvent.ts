import { type Batch, encodeRecord, type StreamRecord } from '@viewbeat/schema'
import type { KinesisStreamEvent } from 'aws-lambda'
import everyType from '../../schema/vectors/1.0/valid/every-type.json' with { type: 'json' }

/** A record of a whole view. */
export const aRecord = (instead: Partial<StreamRecord> = {}): StreamRecord => ({
  v: 1,
  received_at: 1790000036200,
  publisher: 'demo',
  client: {},
  batch: structuredClone(everyType) as unknown as Batch,
  ...instead,
})

/** An invocation as Lambda makes it: records of one shard, numbered from 100. Bytes stand for poison. */
export const streamEvent = (records: (StreamRecord | Buffer)[]): KinesisStreamEvent => ({
  Records: records.map((record, index) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'key',
      sequenceNumber: String(100 + index),
      data: Buffer.from(Buffer.isBuffer(record) ? record : encodeRecord(record)).toString('base64'),
      approximateArrivalTimestamp: 1790000036.2,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${100 + index}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/lambda-role',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/viewbeat',
  })),
})
