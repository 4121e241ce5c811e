import type { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import type { QuarantineEntry } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { firehoseQuarantine } from './firehoseQuarantine.ts'

const entry: QuarantineEntry = { v: 1, stage: 'ingest', received_at: 1, rejections: [] }

/** A delivery stream that fails so many entries; a fake, because there is no Firehose to run here. */
const firehose = (failed: number) => {
  const sent: PutRecordBatchCommand[] = []
  const client = {
    send: async (command: PutRecordBatchCommand) => {
      sent.push(command)
      return { FailedPutCount: failed, RequestResponses: [] }
    },
  } as unknown as FirehoseClient
  return { client, sent }
}

describe('firehoseQuarantine', () => {
  it('sends each entry as a line', async () => {
    const { client, sent } = firehose(0)
    await firehoseQuarantine(client, 'refused').put([entry])
    expect(sent[0]!.input.DeliveryStreamName).toBe('refused')
    expect(Buffer.from(sent[0]!.input.Records![0]!.Data!).toString()).toBe(`${JSON.stringify(entry)}\n`)
  })

  it('rejects when an entry was not taken, so that the sender keeps it', async () => {
    await expect(firehoseQuarantine(firehose(1).client, 'refused').put([entry])).rejects.toThrow('1 of 1')
  })
})
