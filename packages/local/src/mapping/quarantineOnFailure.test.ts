import { encodeRecord, parseBatch, type QuarantineEntry } from '@viewbeat/schema'
import { expect, it } from 'vitest'
import { readInvocationRecord } from '../../../ingest-lambda/src/cli/read/invocationRecord.ts'
import everyType from '../../../schema/vectors/1.0/valid/every-type.json' with { type: 'json' }
import { toInvocationRecord } from '../../test/toInvocationRecord.ts'
import type { Discarded } from './discarded.ts'
import { quarantineOnFailure } from './quarantineOnFailure.ts'
import { localArn } from './toStreamEvent.ts'

const recordOfAll = () => {
  const parsed = parseBatch(structuredClone(everyType))
  if (!parsed.ok) throw new Error('the vector is no batch')
  return encodeRecord({
    v: 1,
    received_at: 1000,
    publisher: 'demo',
    client: { country: null } as never,
    batch: parsed.batch,
  })
}

const item = (sequenceNumber: string, data: Uint8Array) => ({
  sequenceNumber,
  data,
  partitionKey: 'view',
  arrivedAt: 5000,
})

const DISCARDED: Discarded = {
  shardId: 'shardId-000000000001',
  items: [item('100', recordOfAll()), item('101', Buffer.from([0, 255, 10]))],
  condition: 'RetryAttemptsExhausted',
  invokeCount: 9,
  message: 'no room',
}

const quarantined = async () => {
  const entries: QuarantineEntry[] = []
  const quarantine = { put: async (given: QuarantineEntry[]) => void entries.push(...given) }
  await quarantineOnFailure({ stage: 'search', quarantine, now: () => 7000 })(DISCARDED)
  return entries
}

it('what a mapping gave up is in quarantine with its bytes, its events and why', async () => {
  expect(await quarantined()).toMatchObject([
    {
      stage: 'search',
      received_at: 7000,
      view_id: everyType.view_id,
      seqs: everyType.events.map(({ seq }) => seq),
      sequence_number: '100',
      rejections: [{ code: 'not_stored', message: 'RetryAttemptsExhausted after 9: no room' }],
    },
    { sequence_number: '101', body_base64: 'AP8K' },
  ])
})

it('a re-drive reads the same records from there and from what Lambda writes into a bucket', async () => {
  const arns = { streamArn: localArn('viewbeat'), functionArn: 'arn:aws:lambda:us-east-1:0:function:search' }
  const read = readInvocationRecord(JSON.stringify(toInvocationRecord(arns, DISCARDED, 7000)))
  const held = ({ stage, received_at, view_id, seqs, body_base64, sequence_number }: QuarantineEntry) => ({
    stage,
    received_at,
    view_id,
    seqs,
    body_base64,
    sequence_number,
  })
  expect(read?.map(held)).toEqual((await quarantined()).map(held))
})
