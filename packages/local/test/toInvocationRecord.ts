import type { Discarded } from '../src/mapping/discarded.ts'
import { toStreamEvent } from '../src/mapping/toStreamEvent.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/**
 * What Lambda writes into a bucket that is a mapping's on-failure destination: why, which records, and the whole event as
 * JSON in a string.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export const toInvocationRecord = (
  { streamArn, functionArn }: { streamArn: string; functionArn: string },
  { shardId, items, condition, invokeCount }: Discarded,
  now: number,
) => {
  const [first] = items
  const last = items.at(-1) ?? first
  return {
    requestContext: {
      requestId: 'c9b8fa9f-5a7f-4c1e-af9c-0c604cde93a5',
      functionArn,
      condition,
      approximateInvokeCount: invokeCount,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: iso(now),
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: iso(first.arrivedAt),
      approximateArrivalOfLastRecord: iso(last.arrivedAt),
      batchSize: items.length,
      streamArn,
    },
    payload: JSON.stringify(toStreamEvent(streamArn, shardId, items)),
  }
}
