import type { QuarantineEntry } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import type { Aws } from '../aws/createAws.ts'
import { firehoseQuarantine } from './firehoseQuarantine.ts'

const entry: QuarantineEntry = { v: 1, stage: 'ingest', received_at: 1, rejections: [] }

/** A delivery stream that fails the first so many entries of each call; a fake, because there is no Firehose to run here. */
const firehose = (failed: number[]) => {
  const sent: { DeliveryStreamName: string; Records: { Data: string }[] }[] = []
  const call = async (_service: string, _action: string, input: string) => {
    const request = JSON.parse(input) as (typeof sent)[number]
    sent.push(request)
    const fails = failed.shift() ?? 0
    return {
      RequestResponses: request.Records.map((_, index) => (index < fails ? { ErrorCode: 'Slow' } : {})),
    }
  }
  return { aws: { call } as unknown as Aws, sent }
}
const timing = { wait: async () => {} }

describe('firehoseQuarantine', () => {
  it('sends each entry as a line', async () => {
    const { aws, sent } = firehose([])
    await firehoseQuarantine(aws, 'refused').put([entry])
    expect(sent[0]!.DeliveryStreamName).toBe('refused')
    expect(Buffer.from(sent[0]!.Records[0]!.Data, 'base64').toString()).toBe(`${JSON.stringify(entry)}\n`)
  })

  it('sends again only the entries that were not taken', async () => {
    const { aws, sent } = firehose([2, 1])
    await firehoseQuarantine(aws, 'refused', timing).put([entry, entry, entry])
    expect(sent.map(({ Records }) => Records.length)).toEqual([3, 2, 1])
  })

  it('keeps each call within 4 MiB', async () => {
    const { aws, sent } = firehose([])
    const large = { ...entry, body_base64: 'x'.repeat(600_000) }
    await firehoseQuarantine(aws, 'refused').put(Array(10).fill(large))
    expect(sent.map(({ Records }) => Records.length)).toEqual([6, 4])
  })

  it('rejects when an entry was not taken, so that the sender keeps it', async () => {
    const { aws } = firehose(Array(9).fill(1))
    await expect(firehoseQuarantine(aws, 'refused', timing).put([entry])).rejects.toThrow('1 of 1')
  })
})
