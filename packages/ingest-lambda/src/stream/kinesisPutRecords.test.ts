import { describe, expect, it } from 'vitest'
import type { Aws } from '../aws/createAws.ts'
import { kinesisPutRecords } from './kinesisPutRecords.ts'

const records = ['a', 'b'].map((partitionKey) => ({
  partitionKey,
  data: Buffer.from(`of ${partitionKey}\n`),
}))

/** A stream that answers so; a fake, because no local stream fails a part of a call. */
const streamOf = (...answers: object[]) => {
  const sent: { StreamName: string; Records: { PartitionKey: string; Data: string }[] }[] = []
  const call = async (_service: string, _action: string, input: string) => {
    sent.push(JSON.parse(input))
    return answers.shift()
  }
  return { sent, put: kinesisPutRecords({ call } as unknown as Aws, 'viewbeat', { wait: async () => {} }) }
}

describe('kinesisPutRecords', () => {
  it('sends each record under its key', async () => {
    const { sent, put } = streamOf({ Records: [{}, {}] })
    expect(await put(records, Number.MAX_SAFE_INTEGER)).toEqual({ left: [], retried: 0 })
    expect(sent[0]!.StreamName).toBe('viewbeat')
    expect(
      sent[0]!.Records.map(({ PartitionKey, Data }) => [
        PartitionKey,
        Buffer.from(Data, 'base64').toString(),
      ]),
    ).toEqual([
      ['a', 'of a\n'],
      ['b', 'of b\n'],
    ])
  })

  it('takes a record for put where the answer names no error, or null', async () => {
    const { sent, put } = streamOf(
      { Records: [{ ErrorCode: null }, { ErrorCode: 'InternalFailure' }] },
      { Records: [{}] },
    )
    await put(records, Number.MAX_SAFE_INTEGER)
    expect(sent.map(({ Records }) => Records.map(({ PartitionKey }) => PartitionKey))).toEqual([
      ['a', 'b'],
      ['b'],
    ])
  })
})
