import type { Quarantine, QuarantineEntry } from '@viewbeat/schema'
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda'
import type { SinkObserver } from './observer.ts'
import { type PlacedRecord, readRecords } from './readRecords.ts'

/** A Lambda that consumes the stream. Rejects only when quarantine did not take what it has to keep. */
export type Sink = (
  event: KinesisStreamEvent,
  context?: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<KinesisStreamBatchResponse>

/** What became of records that were written: those in neither list are safe. */
export interface Written {
  /** Sequence numbers of the records that may yet be stored when they come again. */
  failed: string[]
  /** What the store refuses for good. */
  refused: QuarantineEntry[]
  /** Why, in the store's words, for the log. Never a payload. */
  reason?: string
}

/** Writes records; `deadline` is by the clock of `now`, epoch ms. One that rejects has stored none of them for sure. */
export type Write = (records: PlacedRecord[], deadline: number) => Promise<Written>

/** What is kept of the time for the quarantine and the answer, ms. */
const RESERVE_MS = 5000

/** How long an invocation without a limit of its own may take, ms. */
const LONGEST_MS = 60_000

/**
 * Makes a sink from its one job, writing records. What can never be stored, bytes that are no record among it, goes to
 * quarantine and is done with; only what may yet be stored is reported, from the lowest such record on, so that Lambda
 * hands it in again: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export const createSink = ({
  stage,
  write,
  quarantine,
  now,
  observer,
}: {
  stage: QuarantineEntry['stage']
  write: Write
  quarantine: Quarantine
  /** Epoch ms. */
  now: () => number
  observer?: SinkObserver | undefined
}): Sink => {
  return async (event, context) => {
    const began = now()
    const remaining = context?.getRemainingTimeInMillis() ?? LONGEST_MS
    const { records, poison } = readRecords(event, stage, began)
    const attempt = async (): Promise<Written> => {
      try {
        return records.length > 0
          ? await write(records, began + remaining - RESERVE_MS)
          : { failed: [], refused: [] }
      } catch (error) {
        const failed = records.map(({ sequenceNumber }) => sequenceNumber)
        return { failed, refused: [], reason: (error as Error).message }
      }
    }
    const { failed, refused, reason } = await attempt()
    const kept = [...poison, ...refused]
    if (kept.length > 0) await quarantine.put(kept)
    observer?.consumed({
      records: event.Records.length,
      events: records.reduce((sum, { record }) => sum + record.batch.events.length, 0),
      poison: poison.length,
      refused: refused.length,
      failed: failed.length,
      reason,
      lag_ms: began - Math.min(began, ...records.map(({ record }) => record.received_at)),
      duration_ms: now() - began,
    })
    const isFailed = new Set(failed)
    const lowest = event.Records.find(({ kinesis }) => isFailed.has(kinesis.sequenceNumber))
    return {
      batchItemFailures: lowest ? [{ itemIdentifier: lowest.kinesis.sequenceNumber }] : [],
    }
  }
}
