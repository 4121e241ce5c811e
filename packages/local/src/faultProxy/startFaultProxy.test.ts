import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalStream, startKinesis } from '../stream/startKinesis.ts'
import type { ProxiedCall } from './createPut.ts'
import { createShardThrottle } from './createShardThrottle.ts'
import type { Fault } from './fault.ts'
import { type FaultProxy, startFaultProxy } from './startFaultProxy.ts'

let stream: LocalStream
let proxy: FaultProxy
let client: KinesisClient
let faults: Fault[]
let told: ProxiedCall[]
let waits: number[]
let now: number
let throttled: boolean

beforeAll(async () => {
  stream = await startKinesis(await mkdtemp(`${tmpdir()}/viewbeat-proxy-`))
  const throttle = createShardThrottle({ recordsPerS: 4, bytesPerS: 1000 }, () => now)
  proxy = await startFaultProxy({
    stream,
    choose: () => faults.shift() ?? { kind: 'none' },
    throttle: (shard, bytes) => !throttled || throttle(shard, bytes),
    wait: async (ms) => void waits.push(ms),
    onCall: (call) => told.push(call),
  })
}, 40_000)
afterAll(async () => {
  await proxy?.stop()
  await stream?.stop()
})
beforeEach(() => {
  faults = []
  told = []
  waits = []
  now = 0
  throttled = false
  client = new KinesisClient({
    region: 'us-east-1',
    endpoint: proxy.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  })
})
afterEach(() => client.destroy())

const put = (...texts: string[]) =>
  client.send(
    new PutRecordsCommand({
      StreamName: stream.streamName,
      Records: texts.map((text) => ({ PartitionKey: 'key', Data: Buffer.from(text) })),
    }),
  )

/** Everything on the stream, read through the proxy as well. */
const textsOnStream = async () => {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: stream.streamName }))
  const texts = await Promise.all(
    Shards.map(async ({ ShardId }) => {
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({
          StreamName: stream.streamName,
          ShardId,
          ShardIteratorType: 'TRIM_HORIZON',
        }),
      )
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }))
      return Records.map(({ Data }) => Buffer.from(Data!).toString())
    }),
  )
  return texts.flat()
}

describe('the proxy', () => {
  it('puts what it has no fault for, and passes on what is not PutRecords', async () => {
    const { FailedRecordCount, Records } = await put('plain 1', 'plain 2')
    expect(FailedRecordCount).toBe(0)
    expect(Records!.every(({ SequenceNumber }) => SequenceNumber)).toBe(true)
    expect(await textsOnStream()).toEqual(expect.arrayContaining(['plain 1', 'plain 2']))
  })

  it('fails the chosen records in their places, and the rest is on the stream', async () => {
    faults = [
      {
        kind: 'records',
        errors: [undefined, 'InternalFailure', undefined, 'ProvisionedThroughputExceededException'],
      },
    ]
    const { FailedRecordCount, Records } = await put('part 0', 'part 1', 'part 2', 'part 3')
    expect(FailedRecordCount).toBe(2)
    expect(Records!.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'InternalFailure',
      undefined,
      'ProvisionedThroughputExceededException',
    ])
    expect(Records![3]!.ErrorMessage).toMatch(
      /^Rate exceeded for shard shardId-\d{12} in stream viewbeat under account \d{12}\.$/,
    )
    const texts = (await textsOnStream()).filter((text) => text.startsWith('part'))
    expect(texts).toEqual(['part 0', 'part 2'])
    expect(told).toMatchObject([{ records: 4, failed: 2, throttled: 0, taken: 2 }])
  })

  it('fails every record of a call that it does not even send on', async () => {
    faults = [{ kind: 'records', errors: ['InternalFailure'] }]
    expect(await put('none of it')).toMatchObject({ FailedRecordCount: 1 })
    expect(await textsOnStream()).not.toContain('none of it')
  })

  it.each([
    { status: 500, code: 'InternalFailure' },
    { status: 400, code: 'ProvisionedThroughputExceededException' },
    { status: 503, code: 'ServiceUnavailable' },
  ] as const)('refuses a whole call with $status $code, and nothing is on the stream', async (error) => {
    faults = [{ kind: 'call', ...error }]
    await expect(put(`refused ${error.status}`)).rejects.toMatchObject({
      name: error.code,
      $metadata: { httpStatusCode: error.status },
    })
    expect(await textsOnStream()).not.toContain(`refused ${error.status}`)
  })

  it('cuts the connection before the stream sees the call', async () => {
    faults = [{ kind: 'cut' }]
    await expect(put('cut')).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect(await textsOnStream()).not.toContain('cut')
  })

  it('drops the answer to a call that the stream took', async () => {
    faults = [{ kind: 'drop' }]
    await expect(put('dropped')).rejects.toThrow(/socket hang up|ECONNRESET/)
    expect(await textsOnStream()).toContain('dropped')
    expect(told).toMatchObject([{ taken: 1 }])
  })

  it('takes a call late', async () => {
    faults = [{ kind: 'delay', ms: 15 }]
    expect(await put('late')).toMatchObject({ FailedRecordCount: 0 })
    expect(waits).toEqual([15])
  })

  it('throttles records beyond the limit of their shard until time has passed', async () => {
    throttled = true
    const { Records } = await put('t 0', 't 1', 't 2', 't 3', 't 4', 't 5')
    expect(Records!.map(({ ErrorCode }) => ErrorCode)).toEqual([
      ...Array(4).fill(undefined),
      ...Array(2).fill('ProvisionedThroughputExceededException'),
    ])
    expect(told).toMatchObject([{ throttled: 2, taken: 4 }])
    now += 500
    expect(await put('t 4', 't 5')).toMatchObject({ FailedRecordCount: 0 })
  })

  it('refuses calls over the limits of the service, which kinesis-local takes', async () => {
    await expect(put(...Array(501).fill('x'))).rejects.toMatchObject({ name: 'ValidationException' })
  })

  it('hands on what the stream itself says', async () => {
    const missing = new PutRecordsCommand({
      StreamName: 'missing',
      Records: [{ PartitionKey: 'a', Data: Buffer.from('a') }],
    })
    await expect(client.send(missing)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('takes no encoding that it could not put a fault into', async () => {
    const answer = await fetch(proxy.url, {
      method: 'POST',
      headers: {
        'x-amz-target': 'Kinesis_20131202.PutRecords',
        'content-type': 'application/x-amz-cbor-1.1',
      },
      body: 'x',
    })
    expect(answer.status).toBe(415)
  })
})
