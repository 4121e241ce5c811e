import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createAws, kinesisPutRecords } from '@viewbeat/ingest-lambda'
import { encodeRecord, type QuarantineEntry } from '@viewbeat/schema'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { kinesisShardReader } from '../../packages/local/src/mapping/kinesisShardReader.ts'
import { machineClock } from '../../packages/local/src/mapping/machineClock.ts'
import { openCheckpoints } from '../../packages/local/src/mapping/openCheckpoints.ts'
import { quarantineOnFailure } from '../../packages/local/src/mapping/quarantineOnFailure.ts'
import { startMapping } from '../../packages/local/src/mapping/startMapping.ts'
import { type LocalStream, startKinesis } from '../../packages/local/src/stream/startKinesis.ts'
import { createArchiveSink } from '../../packages/sinks/src/archive/createArchiveSink.ts'
import type { ObjectStore } from '../../packages/sinks/src/archive/objectStore.ts'
import { createS3Client, s3Store } from '../../packages/sinks/src/archive/s3Store.ts'
import type { Sink } from '../../packages/sinks/src/consume/createSink.ts'
import { s3Archive } from '../../packages/sinks/src/replay/s3Archive.ts'
import { createSearchSink } from '../../packages/sinks/src/search/createSearchSink.ts'
import { openSearchIndex } from '../../packages/sinks/src/search/openSearchIndex.ts'
import { setUp } from '../../packages/sinks/src/search/setUp.ts'
import { startS3 } from '../../packages/sinks/test/startS3.ts'
import { aView, part, unstorable } from '../../packages/sinks/test/views.ts'

const POISON = '{"v":1,"batch"'

/** A hundred records: one that is none, and one with an event that OpenSearch cannot take. */
const views = Array.from({ length: 100 }, () => part(aView(), 0, 3))
const refused = views[61]!
refused.batch.events.push(unstorable(3))
const data = views.map((view, place) => (place === 37 ? Buffer.from(POISON) : encodeRecord(view)))
const good = views.filter((_, place) => place !== 37)
const identities = good.flatMap(({ batch }) => batch.events.map(({ seq }) => `${batch.view_id} ${seq}`))

let folder: string
let stream: LocalStream
let s3: Awaited<ReturnType<typeof startS3>>
let client: ReturnType<typeof createS3Client>
const index = openSearchIndex({ url: process.env.OPENSEARCH_URL! })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-poison-'))
  stream = await startKinesis(join(folder, 'kinesis'), () => {})
  s3 = await startS3('archive')
  Object.assign(process.env, s3.environment)
  client = createS3Client(s3.environment)
  await setUp(index.client, { retentionDays: 30, replicas: 0 })
  const put = kinesisPutRecords(createAws(stream.environment), stream.streamName)
  const records = data.map((data, place) => ({ partitionKey: views[place]!.batch.view_id, data }))
  expect((await put(records, Date.now() + 10_000)).left).toEqual([])
})
afterAll(async () => {
  client.destroy()
  await index.close()
  await s3.stop()
  await stream.stop()
  await rm(folder, { recursive: true })
})

/** Reads the stream to its end, and then once more: what is handed in then was left behind. */
const consume = async (
  name: 'archive' | 'search',
  open: (quarantine: { put: (entries: QuarantineEntry[]) => Promise<void> }) => Sink,
) => {
  const quarantined: QuarantineEntry[] = []
  const givenUp: QuarantineEntry[] = []
  const run = async (sink: Sink) => {
    const mapping = startMapping({
      name,
      reader: kinesisShardReader({ ...stream, log: () => {} }),
      sink,
      checkpoints: await openCheckpoints(join(folder, `${name}.json`), stream.createdAt),
      onFailure: quarantineOnFailure({
        stage: name,
        quarantine: { put: async (entries) => void givenUp.push(...entries) },
        now: Date.now,
      }),
      clock: machineClock,
      log: () => {},
      settings: { pollMs: 50 },
    })
    await mapping.drain(30_000)
  }
  let failures = 0
  const sink = open({ put: async (entries) => void quarantined.push(...entries) })
  await run(async (event, context) => {
    const answer = await sink(event, context)
    failures += answer.batchItemFailures.length
    return answer
  })
  let behind = 0
  await run(async (event) => {
    behind += event.Records.length
    return { batchItemFailures: [] }
  })
  const bytes = new Map(
    quarantined.map(({ sequence_number, body_base64 }) => [
      sequence_number,
      Buffer.from(body_base64!, 'base64').toString(),
    ]),
  )
  return { failures, behind, givenUp, kept: [...bytes.values()] }
}

/** Fails the first so many puts. */
const failing = (objects: ObjectStore, times: number): ObjectStore => {
  let left = times
  return {
    putObject: async (key, body, timeoutMs) => {
      if (left-- > 0) throw new Error('SlowDown')
      await objects.putObject(key, body, timeoutMs)
    },
  }
}

it('the archive has 99 of a hundred though S3 fails twice; the one is in quarantine with its bytes, and nothing is left behind', async () => {
  const objects = failing(s3Store('archive', '', client), 2)
  const done = await consume('archive', (quarantine) => createArchiveSink({ objects, quarantine }))
  expect(done).toEqual({ failures: 2, behind: 0, givenUp: [], kept: [POISON] })

  const archive = s3Archive('archive', '', client)
  const lines: string[] = []
  for await (const { key } of archive.list('events/')) {
    const chunks: Uint8Array[] = []
    for await (const chunk of await archive.open(key)) chunks.push(chunk)
    lines.push(...gunzipSync(Buffer.concat(chunks)).toString().trimEnd().split('\n'))
  }
  const found = lines.map((line) => JSON.parse(line)).map(({ view_id, seq }) => `${view_id} ${seq}`)
  expect(found.toSorted()).toEqual(identities.toSorted())
})

it('search has all but the event that OpenSearch refuses, which is in quarantine beside the poison; nothing is handed in again', async () => {
  const { kept, ...done } = await consume('search', (quarantine) => createSearchSink({ index, quarantine }))
  expect(done).toEqual({ failures: 0, behind: 0, givenUp: [] })
  const [event] = refused.batch.events.slice(-1)
  expect(kept.toSorted()).toEqual(
    [
      POISON,
      Buffer.from(encodeRecord({ ...refused, batch: { ...refused.batch, events: [event!] } })).toString(),
    ].toSorted(),
  )
  const found = await index.eventsOf(
    good.map(({ batch }) => batch.view_id),
    10_000,
  )
  const stored = found.map(({ view_id, seq }) => `${view_id} ${seq}`)
  const expected = identities.filter((identity) => identity !== `${refused.batch.view_id} 3`)
  expect(stored.toSorted()).toEqual(expected.toSorted())
})
