import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FlatEvent, StreamRecord, ViewRecord } from '@viewbeat/schema'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createArchiveSink } from '../../packages/sinks/src/archive/createArchiveSink.ts'
import { folderStore } from '../../packages/sinks/src/archive/folderStore.ts'
import { createSearchSink } from '../../packages/sinks/src/search/createSearchSink.ts'
import { type OpenSearchIndex, openSearchIndex } from '../../packages/sinks/src/search/openSearchIndex.ts'
import { setUp } from '../../packages/sinks/src/search/setUp.ts'
import { createViewFunction } from '../../packages/sinks/src/timeline/createViewFunction.ts'
import { findInSearch } from '../../packages/sinks/src/timeline/findInSearch.ts'
import { aRecord, streamEvent } from '../../packages/sinks/test/streamEvent.ts'
import { root } from '../root.ts'

const url = process.env.OPENSEARCH_URL!
const nowhere = { put: async () => {} }

/** A day that no other test writes to. */
const NOON = Date.UTC(2027, 4, 1, 12)
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const viewId = (at: number) => {
  const time = Array.from({ length: 10 }, (_, digit) => DIGITS[Math.floor(NOON / 32 ** (9 - digit)) % 32])
  return `${time.join('')}${String(at).padStart(16, '0')}`
}

const VIEWS = 100

const records = Array.from({ length: VIEWS }, (_, at) => {
  const { batch } = aRecord()
  return [0, 10, 20].map(
    (from, minute): StreamRecord =>
      aRecord({
        received_at: NOON + at * 20_000 + minute * 60_000,
        batch: { ...batch, view_id: viewId(at), events: batch.events.slice(from, from + 10) },
      }),
  )
}).flat()

let index: OpenSearchIndex
let folder: string

const lose = () =>
  index.client.indices.delete({ index: 'viewbeat-events-2027.*,viewbeat-views', ignore_unavailable: true })

const contents = async () => {
  const ids = Array.from({ length: VIEWS }, (_, at) => viewId(at))
  const events: FlatEvent[] = await index.eventsOf(ids, 10_000)
  const views: ViewRecord[] = await index.viewsOf(ids, 10_000)
  return {
    events: events.toSorted((a, b) =>
      a.view_id < b.view_id ? -1 : a.view_id > b.view_id ? 1 : a.seq - b.seq,
    ),
    views,
  }
}

const start = (...more: string[]) => {
  const args = [
    ...['--from', '2027-05-01', '--to', '2027-05-02', '--sink', 'search', '--search', url],
    ...['--archive', join(folder, 'archive'), '--quarantine', `file:${join(folder, 'quarantine')}`],
    ...['--state', join(folder, 'state.json'), ...more],
  ]
  const bin = join(root, 'packages/sinks/src/replay/bin.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', bin, ...args], { cwd: root })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  return { child, output, ended: once(child, 'close') as Promise<[number | null, string | null]> }
}

beforeAll(async () => {
  index = openSearchIndex({ url })
  await setUp(index.client, { retentionDays: 30, replicas: 0 })
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-replay-'))
  const archive = createArchiveSink({ objects: folderStore(join(folder, 'archive')), quarantine: nowhere })
  for (let from = 0; from < records.length; from += 3) {
    const event = streamEvent(records.slice(from, from + 3))
    for (const [at, { kinesis }] of event.Records.entries())
      kinesis.sequenceNumber = String(10_000 + from + at)
    await archive(event)
  }
})
afterAll(() => index.close())
beforeEach(async () => void (await lose()))

describe('a replay into OpenSearch', () => {
  it('makes a lost index what it was before, broken off in the middle, and when it is run twice', async () => {
    const sink = createSearchSink({ index, quarantine: nowhere })
    expect(await sink(streamEvent(records))).toEqual({ batchItemFailures: [] })
    const before = await contents()
    expect([before.events.length, before.views.length]).toEqual([VIEWS * 29, VIEWS])
    await lose()
    expect(await contents()).toEqual({ events: [], views: [] })

    const broken = start('--concurrency', '1')
    while (!existsSync(join(folder, 'state.json')) && broken.child.exitCode === null) await sleep(2)
    broken.child.kill('SIGKILL')
    expect(await broken.ended, broken.output.err).toEqual([null, 'SIGKILL'])
    expect(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')).through).toContain('dt=2027-05-01')
    const middle = (await contents()).events.length
    expect(middle).toBeGreaterThan(0)
    expect(middle).toBeLessThan(before.events.length)

    for (const _ of ['goes on', 'once more']) {
      const run = start()
      expect(await run.ended, run.output.err).toEqual([0, null])
      expect(await contents()).toEqual(before)
    }
  })

  it('stops where the index of a day is closed, says so, and goes on when it is open again', async () => {
    const day = 'viewbeat-events-2027.05.01'
    await index.client.indices.create({ index: day })
    await index.client.indices.close({ index: day })
    const closed = start('--patience', '1')
    expect((await closed.ended)[0]).toBe(1)
    expect(closed.output.err).toContain(
      'Stopped: nothing could be stored any more: 400 index_closed_exception',
    )

    await index.client.indices.open({ index: day })
    const open = start()
    expect(await open.ended, open.output.err).toEqual([0, null])
    expect((await contents()).events).toHaveLength(VIEWS * 29)
  })
})

describe('a view in OpenSearch', () => {
  it('is answered for in full as soon as it is written', async () => {
    const sink = createSearchSink({ index, quarantine: nowhere })
    const ask = createViewFunction({
      find: findInSearch(index),
      now: () => NOON + 60_000,
      onFault: (error) => expect.fail(error.message),
    })
    expect((await ask({ view_id: viewId(0) })).statusCode).toBe(404)
    await sink(streamEvent([records[2]!, records[0]!]))
    const { statusCode, body } = await ask({ view_id: viewId(0) })
    expect(statusCode).toBe(200)
    expect(JSON.parse(body)).toMatchObject({
      view: { view_id: viewId(0), outcome: 'quit', seq: 28 },
      metrics: { startup_ms: 420 },
      captured: 29,
      accounting: { delivered: 19, quarantined: 0, dropped: 1 },
      gaps: [{ from_seq: 10, to_seq: 19, events: 10, why: 'unclear' }],
      batches: [
        { first_seq: 0, last_seq: 9 },
        { first_seq: 20, last_seq: 28 },
      ],
    })
  })
})
