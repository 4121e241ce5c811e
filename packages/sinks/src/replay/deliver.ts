import { encodeRecord, type StreamRecord } from '@viewbeat/schema'
import type { KinesisStreamEvent } from 'aws-lambda'
import type { Sink } from '../consume/createSink.ts'

/** A record fails for so long that it is given up for now. */
export class UnavailableSinkError extends Error {
  override readonly name = 'UnavailableSinkError'
}

/** A record with a name of its own, which stands for the stream's sequence number. */
export interface NamedRecord {
  name: string
  record: StreamRecord
}

/** How records are handed in. */
export interface Delivery {
  sink: Sink
  /** Why the sink handed back what it did last, in the store's words. */
  reason: () => string | undefined
  /** For how long the same record may fail, ms. */
  patience_ms: number
  /** Epoch ms. */
  now: () => number
  wait: (ms: number) => Promise<void>
}

const FIRST_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 15_000

/** How long a sink may take at least and at most, ms. */
const MIN_INVOCATION_MS = 1000
const MAX_INVOCATION_MS = 60_000

const toStreamEvent = (records: readonly NamedRecord[]): KinesisStreamEvent => ({
  Records: records.map(({ name, record }) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.batch.view_id,
      sequenceNumber: name,
      data: Buffer.from(encodeRecord(record)).toString('base64'),
      approximateArrivalTimestamp: record.received_at / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `replay:${name}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: '',
    awsRegion: '',
    eventSourceARN: '',
  })),
})

/**
 * Hands records to a sink as the stream would, and again from the lowest that failed, later and later. Rejects when one
 * fails for too long (`UnavailableSinkError`), or when `wait` does. Of what comes after that one, what can be stored is.
 */
export const deliver = async (
  { sink, reason, patience_ms, now, wait }: Delivery,
  records: readonly NamedRecord[],
): Promise<void> => {
  let left = records
  let giveUpAt = now() + patience_ms
  for (let tries = 1; left.length > 0; tries++) {
    const invocation_ms = Math.min(MAX_INVOCATION_MS, Math.max(MIN_INVOCATION_MS, giveUpAt - now()))
    const { batchItemFailures } = await sink(toStreamEvent(left), {
      getRemainingTimeInMillis: () => invocation_ms,
    })
    const [lowest] = batchItemFailures
    if (!lowest) return
    const failed = Math.max(
      0,
      left.findIndex(({ name }) => name === lowest.itemIdentifier),
    )
    left = left.slice(failed)
    if (failed > 0) {
      tries = 1
      giveUpAt = now() + patience_ms
    } else if (now() >= giveUpAt) throw new UnavailableSinkError(reason() ?? 'the sink hands it back')
    await wait(Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1)))
  }
}
