import type { Quarantine, QuarantineEntry } from '@viewbeat/schema'
import type { Aws } from '../aws/createAws.ts'
import { putInCalls } from '../aws/putInCalls.ts'
import type { CallLimits } from '../aws/splitCalls.ts'
import { UnavailableError } from '../errors.ts'

/** What one PutRecordBatch call may hold, as of 2026-11: API_PutRecordBatch in the Firehose API reference. */
export const PUT_RECORD_BATCH_LIMITS: CallLimits = { items: 500, bytes: 4 * 1024 * 1024 }

/** How long to try: a sender waits for its answer, ms. */
const PATIENCE_MS = 4000

interface PutRecordBatchOutput {
  RequestResponses?: { ErrorCode?: string | null }[]
}

const toLine = (entry: QuarantineEntry) => Buffer.from(`${JSON.stringify(entry)}\n`)

/**
 * Quarantine by a Firehose delivery stream, one line of JSON an entry. Rejects unless every entry was taken: the sender
 * then keeps its batch and sends it again.
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
      const { left, cause } = await put(entries.map(toLine), (timing.now ?? Date.now)() + PATIENCE_MS)
      if (left.length > 0)
        throw new UnavailableError(`${left.length} of ${entries.length} entries not taken by quarantine`, {
          cause,
        })
    },
  }
}
