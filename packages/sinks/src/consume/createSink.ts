import type { Quarantine, QuarantineEntry } from '@viewbeat/schema'
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda'
import { type PlacedRecord, readRecords } from './readRecords.ts'

/** A Lambda that consumes the stream. */
export type Sink = (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>

/**
 * Makes a sink from its one job, writing records. Poison goes to quarantine with its bytes and never blocks the shard;
 * a write that fails is the whole invocation's failure, which Lambda repeats: writes are idempotent.
 */
export const createSink = ({
  stage,
  write,
  quarantine,
  now,
}: {
  stage: QuarantineEntry['stage']
  write: (records: PlacedRecord[]) => Promise<void>
  quarantine: Quarantine
  /** Epoch ms. */
  now: () => number
}): Sink => {
  return async (event) => {
    const { records, poison } = readRecords(event, stage, now())
    if (poison.length > 0) await quarantine.put(poison)
    if (records.length > 0) await write(records)
    return { batchItemFailures: [] }
  }
}
