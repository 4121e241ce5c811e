import type { Quarantine } from '@viewbeat/schema'
import type { Aws } from '../aws/createAws.ts'
import { putInCalls } from '../aws/putInCalls.ts'
import type { CallLimits } from '../aws/splitCalls.ts'
import { UnavailableError } from '../errors.ts'
import { toParts } from './toParts.ts'

/** What one PutRecordBatch call may hold, as of 2026-11: API_PutRecordBatch in the Firehose API reference. */
export const PUT_RECORD_BATCH_LIMITS: CallLimits = { items: 500, bytes: 4 * 1024 * 1024 }

/** How long to try: a sender waits for its answer, ms. */
const PATIENCE_MS = 4000

interface PutRecordBatchOutput {
  RequestResponses?: { ErrorCode?: string | null }[]
}

/** What one record may hold before base64, as of 2026-11: https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const MAX_FIREHOSE_RECORD_BYTES = 1000 * 1024

/**
 * Quarantine by a Firehose delivery stream, one line of JSON an entry; what is too large for a record goes in parts. Rejects
 * unless every entry was taken: the sender then keeps its batch and sends it again.
 */
export const firehoseQuarantine = (
  aws: Pick<Aws, 'call'>,
  deliveryStream: string,
  timing: Pick<Parameters<typeof putInCalls>[0], 'now' | 'random' | 'wait'> = {},
): Quarantine => {
  const put = putInCalls<Buffer>({
    limits: PUT_RECORD_BATCH_LIMITS,
    sizeOf: (line) => line.length,
    ...timing,
    async call(lines, timeout_ms) {
      const input = JSON.stringify({
        DeliveryStreamName: deliveryStream,
        Records: lines.map((line) => ({ Data: line.toString('base64') })),
      })
      const { RequestResponses: results = [] } = await aws.call<PutRecordBatchOutput>(
        'firehose',
        'Firehose_20150804.PutRecordBatch',
        input,
        timeout_ms,
      )
      return results.map(({ ErrorCode }) => ErrorCode ?? undefined)
    },
  })
  return {
    async put(entries) {
      const lines = entries.flatMap((entry) => toParts(entry, MAX_FIREHOSE_RECORD_BYTES))
      const { left, cause } = await put(lines, (timing.now ?? Date.now)() + PATIENCE_MS)
      if (left.length > 0)
        throw new UnavailableError(`${left.length} of ${lines.length} lines not taken by quarantine`, {
          cause,
        })
    },
  }
}
