import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutRecordsCommand } from '@aws-sdk/client-kinesis'
import type { QuarantineEntry } from '@viewbeat/schema'
import type { Sink } from '@viewbeat/sinks'
import type { KinesisStreamEvent } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalStream, startKinesis } from '../stream/startKinesis.ts'
import { type Checkpoints, openCheckpoints } from './openCheckpoints.ts'
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

const put = (...texts: string[]) =>
  stream.client.send(
    new PutRecordsCommand({
      StreamName: stream.streamName,
      // One key, so that all are in one shard and in order.
      Records: texts.map((text) => ({ PartitionKey: 'key', Data: Buffer.from(text) })),
    }),
  )

const textsOf = (event: KinesisStreamEvent) =>
  event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString())

const start = async (sink: Sink, checkpoints?: Checkpoints) =>
  startMapping({
    name: 'archive',
    stream,
    sink,
    checkpoints: checkpoints ?? (await openCheckpoints(checkpointFile, stream.createdAt)),
    onFailure: { put: async (entries) => void failed.push(...entries) },
    log: () => {},
    settings: { batchSize: 10, maximumRetryAttempts: 2, pollMs: 50 },
  })

/** Reads all there is, with a sink that may fail. */
const consume = async (sink: Sink) => (await start(sink)).drain(20_000)

/** Moves the checkpoint to the end of what earlier tests left. */
const skip = () => consume(async () => ({ batchItemFailures: [] }))

describe('an event source mapping over a real stream', () => {
  it('hands a sink every record in order, and after a restart only what is new', async () => {
    await skip()
    const seen: string[] = []
    const sink: Sink = async (event) => {
      seen.push(...textsOf(event))
      return { batchItemFailures: [] }
    }
    await put('1', '2', '3')
    await consume(sink)
    await put('4')
    await consume(sink)
    expect(seen).toEqual(['1', '2', '3', '4'])
  })

  it('begins at the beginning of a stream that its checkpoints do not know', async () => {
    await skip()
    const seen: string[] = []
    const mapping = await start(
      async (event) => {
        seen.push(...textsOf(event))
        return { batchItemFailures: [] }
      },
      await openCheckpoints(checkpointFile, stream.createdAt + 1),
    )
    await mapping.drain(20_000)
    expect(seen.length).toBeGreaterThanOrEqual(4)
  })

  it('begins at the beginning when the stream does not know the checkpoint any more', async () => {
    const checkpoints = await openCheckpoints(checkpointFile, stream.createdAt)
    for (const shard of ['shardId-000000000000', 'shardId-000000000001']) await checkpoints.set(shard, '42')
    const seen: string[] = []
    await put('kept')
    const mapping = await start(async (event) => {
      seen.push(...textsOf(event))
      return { batchItemFailures: [] }
    }, checkpoints)
    await mapping.drain(20_000)
    expect(seen.at(-1)).toBe('kept')
  })

  it('invokes a sink that throws again with the same records, then with halves of them', async () => {
    await skip()
    const invocations: string[][] = []
    await put('a', 'b')
    await consume(async (event) => {
      invocations.push(textsOf(event))
      if (invocations.length < 3) throw new Error('slow down')
      return { batchItemFailures: [] }
    })
    expect(invocations).toEqual([['a', 'b'], ['a', 'b'], ['a'], ['b']])
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
