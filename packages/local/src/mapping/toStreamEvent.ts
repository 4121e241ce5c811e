import type { _Record } from '@aws-sdk/client-kinesis'
import type { KinesisStreamEvent } from 'aws-lambda'

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/'
const ROLE = 'arn:aws:iam::000000000000:role/viewbeat-local'

/**
 * Records of a shard as Lambda hands them to a function.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export const toStreamEvent = (
  streamName: string,
  shardId: string,
  records: _Record[],
): KinesisStreamEvent => ({
  Records: records.map((record) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.PartitionKey as string,
      sequenceNumber: record.SequenceNumber as string,
      data: Buffer.from(record.Data as Uint8Array).toString('base64'),
      approximateArrivalTimestamp: (record.ApproximateArrivalTimestamp?.getTime() ?? 0) / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${record.SequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: ROLE,
    awsRegion: 'us-east-1',
    eventSourceARN: `${ARN}${streamName}`,
  })),
})
