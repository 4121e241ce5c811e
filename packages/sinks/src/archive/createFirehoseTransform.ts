import type { StreamRecord } from '@viewbeat/schema'
import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda'
import type { SinkObserver } from '../consume/observer.ts'
import { readRecord } from '../consume/readRecord.ts'
import { toLines } from '../consume/toLines.ts'
import { receivedHour } from './receivedHour.ts'

/** A Lambda that a delivery stream has records transformed by. Never rejects. */
export type FirehoseTransform = (event: FirehoseTransformationEvent) => Promise<FirehoseTransformationResult>

/**
 * What an answer may hold, in bytes; Lambda takes 6 MB, which is a little more:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_ANSWER_BYTES = 6_000_000

/** What the answer has around its records, and a comma for each. */
const AROUND_BYTES = 100

/** A delivery stream keeps what is answered so under its error prefix, with the bytes that it handed in. */
const toFailed = (recordId: string): FirehoseTransformationResultRecord => ({
  recordId,
  result: 'ProcessingFailed',
})

const toOk = (recordId: string, record: StreamRecord, lines: string[]): FirehoseTransformationResultRecord =>
  lines.length === 0
    ? { recordId, result: 'Dropped' }
    : {
        recordId,
        result: 'Ok',
        data: Buffer.from(lines.join('')).toString('base64'),
        metadata: { partitionKeys: receivedHour(record.received_at) },
      }

const sizeOf = (result: FirehoseTransformationResultRecord) => JSON.stringify(result).length + 1

/** Base64 of text, at least, in bytes. */
const sizeOfLines = (lines: string[]) => lines.reduce((size, line) => size + line.length, 0) * (4 / 3)

/**
 * Makes the transformation of a delivery stream that keeps the archive: a record becomes its events as lines of JSON, a
 * newline after each, with the partitions `dt` and `hour` of when it was received. What is no record is answered
 * ProcessingFailed; so is what the answer has no room for, because flat events are larger than the record that they are
 * from. The delivery stream keeps both with their bytes under its error prefix, and delivers the others.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 */
export const createFirehoseTransform =
  ({
    now = Date.now,
    observer,
    maxAnswerBytes = MAX_ANSWER_BYTES,
  }: {
    /** Epoch ms. */
    now?: () => number
    observer?: SinkObserver
    maxAnswerBytes?: number
  } = {}): FirehoseTransform =>
  async ({ records }) => {
    const began = now()
    let left = maxAnswerBytes - AROUND_BYTES
    for (const { recordId } of records) left -= sizeOf(toFailed(recordId))
    let events = 0
    let lag = 0
    const poison: string[] = []
    const refused: string[] = []

    const transform = (item: FirehoseTransformationEventRecord): FirehoseTransformationResultRecord => {
      const { recordId, data, kinesisRecordMetadata } = item
      const name = kinesisRecordMetadata?.sequenceNumber ?? recordId
      const failed = toFailed(recordId)
      const decoded = readRecord(data)
      if (!decoded.ok) {
        poison.push(name)
        return failed
      }
      const { record } = decoded
      events += record.batch.events.length
      lag = Math.max(lag, began - record.received_at)
      try {
        const lines = toLines(record)
        // Looked at first, because what has no room here may be too large to be put together.
        if (sizeOfLines(lines) > left) throw new Error('no room')
        const ok = toOk(recordId, record, lines)
        const size = sizeOf(ok) - sizeOf(failed)
        if (size > left) throw new Error('no room')
        left -= size
        return ok
      } catch {
        refused.push(name)
        return failed
      }
    }

    const results = records.map(transform)
    observer?.consumed({
      records: records.length,
      events,
      poison: poison.length,
      refused: refused.length,
      failed: 0,
      bulkRejections: 0,
      reason: undefined,
      failedFrom: undefined,
      quarantined: [
        ...poison.map((sequenceNumber) => ({ sequenceNumber, code: 'unreadable' as const })),
        ...refused.map((sequenceNumber) => ({ sequenceNumber, code: 'record_too_large' as const })),
      ],
      lag_ms: lag,
      duration_ms: now() - began,
    })
    return { records: results }
  }
