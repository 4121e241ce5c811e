import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import type { Quarantine } from '@viewbeat/schema'
import { UnavailableError } from '../errors.ts'

/**
 * Keeps refused things by a Firehose delivery stream, one line of JSON an entry. Rejects unless every entry was taken:
 * the sender then keeps its batch and sends it again.
 */
export const firehoseQuarantine = (
  client: Pick<FirehoseClient, 'send'>,
  deliveryStream: string,
): Quarantine => ({
  async put(entries) {
    const result = await client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: deliveryStream,
        Records: entries.map((entry) => ({ Data: Buffer.from(`${JSON.stringify(entry)}\n`) })),
      }),
    )
    if (result.FailedPutCount)
      throw new UnavailableError(
        `${result.FailedPutCount} of ${entries.length} entries not taken by quarantine`,
      )
  },
})
