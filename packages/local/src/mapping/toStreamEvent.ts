import type { KinesisStreamEvent } from 'aws-lambda'
import type { ShardItem } from './shardReader.ts'

const ROLE = 'arn:aws:iam::000000000000:role/viewbeat-local'

/** The name that a stream of the local pipeline would have on AWS. */
export const localArn = (streamName: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${streamName}`

/**
 * Records of a shard as Lambda hands them to a function.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export const toStreamEvent = (
  streamArn: string,
  shardId: string,
  items: readonly ShardItem[],
): KinesisStreamEvent => ({
  Records: items.map(({ sequenceNumber, partitionKey, data, arrivedAt }) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      approximateArrivalTimestamp: arrivedAt / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: ROLE,
    awsRegion: streamArn.split(':')[3] as string,
    eventSourceARN: streamArn,
  })),
})
