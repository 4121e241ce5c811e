import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  DescribeStreamSummaryCommand,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis'
import type { QuarantineEntry } from '@viewbeat/schema'
import type { Sink } from '@viewbeat/sinks'
import type { KinesisStreamEvent } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalStream, startKinesis } from '../stream/startKinesis.ts'
import { kinesisShardReader } from './kinesisShardReader.ts'
import { machineClock } from './machineClock.ts'
import { type Checkpoints, openCheckpoints } from './openCheckpoints.ts'
import { quarantineOnFailure } from './quarantineOnFailure.ts'
import type { MappingSettings } from './settings.ts'
import { startMapping } from './startMapping.ts'

let folder: string
let stream: LocalStream
let checkpointFile: string
let failed: QuarantineEntry[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-mapping-'))
  stream = await startKinesis(join(folder, 'kinesis'))
}, 30_000)
afterAll(() => stream?.stop())

let run = 0
beforeEach(() => {
  failed = []
  checkpointFile = join(folder, `checkpoints-${run++}.json`)
})

const putAs = async (partitionKey: (text: string) => string, ...texts: string[]) => {
  const { FailedRecordCount } = await stream.client.send(
    new PutRecordsCommand({
      StreamName: stream.streamName,
      Records: texts.map((text) => ({ PartitionKey: partitionKey(text), Data: Buffer.from(text) })),
    }),
  )
  expect(FailedRecordCount).toBe(0)
}

/** With one key, so that all are in one shard and in order. */
const put = (...texts: string[]) => putAs(() => 'key', ...texts)

const textsOf = (event: KinesisStreamEvent) =>
  event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString())

const start = async (sink: Sink, checkpoints?: Checkpoints, settings: Partial<MappingSettings> = {}) =>
  startMapping({
    name: 'archive',
    reader: kinesisShardReader({ ...stream, log: () => {} }),
    sink,
    checkpoints: checkpoints ?? (await openCheckpoints(checkpointFile, stream.createdAt)),
    onFailure: quarantineOnFailure({
      stage: 'archive',
      quarantine: { put: async (entries) => void failed.push(...entries) },
      now: Date.now,
    }),
    clock: machineClock,
    log: () => {},
    settings: { batchSize: 10, maximumRetryAttempts: 2, pollMs: 50, ...settings },
  })

/** Reads all there is, with a sink that may fail. */
const consume = async (sink: Sink) => (await start(sink)).drain(20_000)

/** Moves the checkpoint to the end of what earlier tests left. */
const skip = () => consume(async () => ({ batchItemFailures: [] }))

/** A sink that keeps what it was given. */
const collector = (seen: string[]): Sink => {
  return async (event) => {
    seen.push(...textsOf(event))
    return { batchItemFailures: [] }
  }
}

const openShards = async () => {
  const { Shards = [] } = await stream.client.send(new ListShardsCommand({ StreamName: stream.streamName }))
  return Shards.filter(({ SequenceNumberRange }) => !SequenceNumberRange?.EndingSequenceNumber)
}

const isActive = () =>
  expect
    .poll(
      async () => {
        const { StreamDescriptionSummary } = await stream.client.send(
          new DescribeStreamSummaryCommand({ StreamName: stream.streamName }),
        )
        return StreamDescriptionSummary?.StreamStatus
      },
      { timeout: 10_000 },
    )
    .toBe('ACTIVE')

describe('an event source mapping over a real stream', { timeout: 60_000 }, () => {
  it('hands a sink every record in order, and after a restart only what is new', async () => {
    await skip()
    const seen: string[] = []
    await put('1', '2', '3')
    await consume(collector(seen))
    await put('4')
    await consume(collector(seen))
    expect(seen).toEqual(['1', '2', '3', '4'])
  })

  it('begins at the beginning of a stream that its checkpoints do not know', async () => {
    await skip()
    const seen: string[] = []
    const mapping = await start(collector(seen), await openCheckpoints(checkpointFile, stream.createdAt + 1))
    await mapping.drain(20_000)
    expect(seen.length).toBeGreaterThanOrEqual(4)
  })

  it('goes on from the time of the checkpoint when the stream does not know its number any more', async () => {
    await skip()
    await sleep(3000)
    const checkpoints = await openCheckpoints(checkpointFile, stream.createdAt)
    for (const shard of ['shardId-000000000000', 'shardId-000000000001'])
      await checkpoints.set(shard, '42', Date.now())
    await put('kept')
    const seen: string[] = []
    const mapping = await start(collector(seen), await openCheckpoints(checkpointFile, stream.createdAt))
    await mapping.drain(20_000)
    expect(seen).toEqual(['kept'])
  })

  it('begins at the beginning when it does not know that time either', async () => {
    const checkpoints = await openCheckpoints(checkpointFile, stream.createdAt)
    for (const shard of ['shardId-000000000000', 'shardId-000000000001']) await checkpoints.set(shard, '42')
    const seen: string[] = []
    await put('older')
    await put('kept')
    const mapping = await start(collector(seen), checkpoints)
    await mapping.drain(20_000)
    expect(seen).toEqual(expect.arrayContaining(['older', 'kept']))
  })

  it('with LATEST hands on what came after its first start, also when it was away meanwhile', async () => {
    const checkpoints = await openCheckpoints(checkpointFile, stream.createdAt)
    await checkpoints.set('elsewhere', '1')
    await put('late')
    const seen: string[] = []
    const mapping = await start(collector(seen), await openCheckpoints(checkpointFile, stream.createdAt), {
      startingPosition: 'LATEST',
    })
    await mapping.drain(20_000)
    expect(seen).toEqual(['late'])
  })

  it('invokes a sink that throws again with halves of the records', async () => {
    await skip()
    const invocations: string[][] = []
    await put('a', 'b')
    await consume(async (event) => {
      invocations.push(textsOf(event))
      if (invocations.length < 3) throw new Error('slow down')
      return { batchItemFailures: [] }
    })
    expect(invocations).toEqual([['a', 'b'], ['a'], ['a'], ['b']])
    expect(failed).toEqual([])
  })

  it('goes on behind the lowest record that a sink reports as failed', async () => {
    await skip()
    const invocations: string[][] = []
    await put('a', 'b', 'c')
    await consume(async (event) => {
      invocations.push(textsOf(event))
      const second = event.Records[1]?.kinesis.sequenceNumber
      return { batchItemFailures: invocations.length === 1 ? [{ itemIdentifier: second as string }] : [] }
    })
    expect(invocations).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ])
  })

  it('gives a record that fails to the end of its retries to the on-failure destination, and only that one', async () => {
    await skip()
    const seen: string[] = []
    await put('before', 'poison', 'beside')
    const mapping = await start(async (event) => {
      if (textsOf(event).includes('poison')) throw new Error('always')
      seen.push(...textsOf(event))
      return { batchItemFailures: [] }
    })
    await expect.poll(() => failed.length, { timeout: 10_000 }).toBe(1)
    await put('after')
    await mapping.drain(20_000)
    expect(seen).toEqual(['before', 'beside', 'after'])
    expect(failed).toMatchObject([
      {
        stage: 'archive',
        body_base64: Buffer.from('poison').toString('base64'),
        rejections: [{ code: 'not_stored' }],
      },
    ])
  })
})

// These change the stream for good, so they come last.
describe('a stream that is split and merged while it is read', { timeout: 60_000 }, () => {
  const KEYS = Array.from({ length: 12 }, (_, index) => `view-${index}`)
  const keyOf = (text: string) => text.split(' ')[0] as string
  const round = (n: number) => putAs(keyOf, ...KEYS.map((key) => `${key} ${n}`))

  const reshard = {
    split: async () => {
      const [shard] = await openShards()
      const { StartingHashKey = '0', EndingHashKey = '0' } = shard?.HashKeyRange ?? {}
      const middle = (BigInt(StartingHashKey) + BigInt(EndingHashKey)) / 2n
      await stream.client.send(
        new SplitShardCommand({
          StreamName: stream.streamName,
          ShardToSplit: shard?.ShardId,
          NewStartingHashKey: String(middle),
        }),
      )
      await isActive()
    },
    merge: async () => {
      const shards = await openShards()
      const byHash = shards.toSorted((a, b) =>
        BigInt(a.HashKeyRange?.StartingHashKey ?? 0) < BigInt(b.HashKeyRange?.StartingHashKey ?? 0) ? -1 : 1,
      )
      await stream.client.send(
        new MergeShardsCommand({
          StreamName: stream.streamName,
          ShardToMerge: byHash[0]?.ShardId,
          AdjacentShardToMerge: byHash[1]?.ShardId,
        }),
      )
      await isActive()
    },
  }

  const perKey = (seen: string[]) =>
    Object.fromEntries(
      KEYS.map((key) => [key, seen.filter((text) => keyOf(text) === key).map((text) => text.split(' ')[1])]),
    )
  const inOrder = (rounds: number) =>
    Object.fromEntries(KEYS.map((key) => [key, Array.from({ length: rounds }, (_, n) => String(n))]))

  it.each(['split', 'merge'] as const)('(%s) is read without loss and in order per key', async (how) => {
    await skip()
    const seen: string[] = []
    const mapping = await start(collector(seen))
    await round(0)
    await reshard[how]()
    await round(1)
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(2 * KEYS.length)
    await mapping.drain(20_000)
    expect(perKey(seen)).toEqual(inOrder(2))
  })

  it.each(['split', 'merge'] as const)('(%s) while the mapping is away loses nothing either', async (how) => {
    await skip()
    const seen: string[] = []
    await round(0)
    await reshard[how]()
    await round(1)
    await consume(collector(seen))
    await round(2)
    await consume(collector(seen))
    expect(perKey(seen)).toEqual(inOrder(3))
  })
})
