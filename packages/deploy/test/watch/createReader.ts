import type { KinesisStreamEvent } from 'aws-lambda'
import type { Sink } from '../../../sinks/src/consume/createSink.ts'
import { nameOfRef } from './evaluateAlarm.ts'
import type { Datapoint } from './readEmf.ts'

/** A record on the stream of the world. */
export interface Streamed {
  data: Buffer
  at_ms: number
}

/** What the template says of a mapping. */
export interface MappingProperties {
  BatchSize: number
  MaximumBatchingWindowInSeconds: number
  MaximumRetryAttempts: number
  MaximumRecordAgeInSeconds: number
}

const toEvent = (records: readonly Streamed[], first: number): KinesisStreamEvent => ({
  Records: records.map(({ data, at_ms }, index) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'key',
      sequenceNumber: String(first + index),
      data: data.toString('base64'),
      approximateArrivalTimestamp: at_ms / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${first + index}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/sink',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/viewbeat',
  })),
})

/**
 * Reads the world's stream, one shard, for a real sink as its mapping in the template says: what fails is tried again from
 * where the sink says, in halves, then alone, then given up. Of Lambda's metrics it sends those that alarms watch.
 */
export const createReader = ({
  id,
  sink,
  mapping,
  stream,
  send,
  destinationTakes,
}: {
  /** Logical id of the function; of the mapping it is `<id>Mapping`. */
  id: string
  sink: Sink
  mapping: MappingProperties
  stream: readonly Streamed[]
  send: (datapoint: Datapoint) => void
  /** Whether the on-failure bucket takes what is given up. */
  destinationTakes: () => boolean
}) => {
  const windowMs = mapping.MaximumBatchingWindowInSeconds * 1000
  let position = 0
  let lookedAt = Number.NEGATIVE_INFINITY
  let busyUntil = 0
  /** Batches that come before what is new: parts of one that failed. */
  let waiting: { from: number; to: number; tries: number }[] = []

  const count = (metric: string, value: number, dimensions: Record<string, string>) =>
    send({ at_ms: Date.now(), namespace: 'AWS/Lambda', metric, dimensions, value })

  const giveUp = (records: number) => {
    const of = { EventSourceMappingUUID: nameOfRef(`${id}Mapping`) }
    if (destinationTakes()) return count('OnFailureDestinationDeliveredEventCount', records, of)
    count('DestinationDeliveryFailures', 1, { FunctionName: nameOfRef(id) })
    count('DroppedEventCount', records, of)
  }

  /** One invocation, when one is due. It takes the sink's time, not the world's. */
  return async () => {
    const now = Date.now()
    if (now < busyUntil || (waiting.length === 0 && now < lookedAt + windowMs)) return
    const next = waiting.shift() ?? {
      from: position,
      to: Math.min(stream.length, position + mapping.BatchSize),
      tries: 0,
    }
    lookedAt = now
    if (next.from === next.to) return
    position = Math.max(position, next.to)
    const records = stream.slice(next.from, next.to)
    if (now - records.at(-1)!.at_ms > mapping.MaximumRecordAgeInSeconds * 1000) return giveUp(records.length)
    count('IteratorAge', now - records.at(-1)!.at_ms, { FunctionName: nameOfRef(id) })
    const { batchItemFailures } = await sink(toEvent(records, next.from), {
      getRemainingTimeInMillis: () => 60_000,
    })
    // A pause, as Lambda makes between the tries.
    busyUntil = Date.now() + (batchItemFailures.length > 0 ? 10_000 : 0)
    if (batchItemFailures.length === 0) return
    const from = Number(batchItemFailures[0]!.itemIdentifier)
    const { to } = next
    if (from > next.from) waiting.unshift({ from, to, tries: 0 })
    else if (to - from > 1) {
      const middle = Math.ceil((from + to) / 2)
      waiting.unshift({ from, to: middle, tries: 0 }, { from: middle, to, tries: 0 })
    } else if (next.tries < mapping.MaximumRetryAttempts) waiting.unshift({ from, to, tries: next.tries + 1 })
    else giveUp(1)
    waiting = waiting.filter((batch) => batch.to > batch.from)
  }
}
