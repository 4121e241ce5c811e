import { encodeRecord, type StreamRecord } from '@viewbeat/schema'
import type { KinesisStreamEvent } from 'aws-lambda'
import type { Sink } from '../consume/createSink.ts'

/** A sink takes nothing for so long that it is given up for now. */
export class UnavailableSinkError extends Error {
  override readonly name = 'UnavailableSinkError'
}

/** A record with a name of its own, which stands for the stream's sequence number. */
export interface NamedRecord {
  name: string
  record: StreamRecord
}

const FIRST_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 15_000

/** How often the same record may fail. */
const MAX_TRIES = 10

/** How long a sink may take, ms. */
const INVOCATION_MS = 60_000

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
 * fails too often (`UnavailableSinkError`), or when `wait` does.
 */
export const deliver = async (
  sink: Sink,
  records: readonly NamedRecord[],
  wait: (ms: number) => Promise<void>,
): Promise<void> => {
  let left = records
  for (let tries = 1; left.length > 0; tries++) {
    let why = 'the sink hands them back'
    let failed = 0
    try {
      const { batchItemFailures } = await sink(toStreamEvent(left), {
        getRemainingTimeInMillis: () => INVOCATION_MS,
      })
      const [lowest] = batchItemFailures
      if (!lowest) return
      failed = Math.max(
        0,
        left.findIndex(({ name }) => name === lowest.itemIdentifier),
      )
    } catch (error) {
      why = (error as Error).message
    }
    if (failed > 0) tries = 1
    if (tries === MAX_TRIES)
      throw new UnavailableSinkError(`${left.length - failed} records could not be stored: ${why}`)
    left = left.slice(failed)
    await wait(Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1)))
  }
}
