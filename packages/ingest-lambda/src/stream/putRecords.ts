import { setTimeout as sleep } from 'node:timers/promises'
import type { PutRecordsCommandOutput } from '@aws-sdk/client-kinesis'
import { UnavailableError } from '../errors.ts'
import type { OutgoingRecord } from '../records/toRecord.ts'
import { type CallLimits, DEFAULT_CALL_LIMITS, splitCalls } from './splitCalls.ts'

/** One PutRecords call. The client's own retries are per call; those per record are made here. */
export type CallPutRecords = (records: OutgoingRecord[]) => Promise<Pick<PutRecordsCommandOutput, 'Records'>>

const ATTEMPTS = 6
const FIRST_BACKOFF_MS = 50

/**
 * Writes records to the stream and resolves only when each is there. Of a call that failed in part, only the failed
 * records go again, with full jitter. Rejects with `UnavailableError` when records are left after the last attempt.
 */
export const createPutRecords =
  ({
    call,
    limits = DEFAULT_CALL_LIMITS,
    random = Math.random,
    wait = sleep,
  }: {
    call: CallPutRecords
    limits?: CallLimits
    random?: () => number
    wait?: (ms: number) => Promise<unknown>
  }) =>
  async (records: readonly OutgoingRecord[]): Promise<void> => {
    let cause: unknown

    /** Answers the records that were not taken. */
    const attempt = async (batch: OutgoingRecord[]): Promise<OutgoingRecord[]> => {
      try {
        const { Records: results } = await call(batch)
        if (results?.length !== batch.length) return batch
        cause = results.find((result) => result.ErrorCode)?.ErrorCode ?? cause
        return batch.filter((_, index) => results[index]?.ErrorCode)
      } catch (error) {
        cause = error
        return batch
      }
    }

    let left = [...records]
    for (let failures = 0; left.length > 0; failures++) {
      if (failures === ATTEMPTS)
        throw new UnavailableError(`${left.length} of ${records.length} records not taken by the stream`, {
          cause,
        })
      if (failures > 0) await wait(random() * FIRST_BACKOFF_MS * 2 ** failures)
      left = (await Promise.all(splitCalls(left, limits).map(attempt))).flat()
    }
  }
