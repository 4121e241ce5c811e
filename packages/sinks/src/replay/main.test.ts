import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { flattenRecord, type StreamRecord } from '@viewbeat/schema'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { startS3 } from '../../test/startS3.ts'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import { createArchiveSink } from '../archive/createArchiveSink.ts'
import { folderStore } from '../archive/folderStore.ts'
import type { ObjectStore } from '../archive/objectStore.ts'
import { createS3Client, s3Store } from '../archive/s3Store.ts'
import { createStoreSink } from '../store/createStoreSink.ts'
import { openStore } from '../store/openStore.ts'
import { main } from './main.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 10, 22, 12)
const nowhere = { put: async () => {} }

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-replay-'))
})

const viewId = (at: number) => `01K5M0PV40${String(at).padStart(16, '0')}`

/** The events of a view in records of ten, received from one minute to the next. */
const aView = (at: number, received_at: number, publisher = 'demo'): StreamRecord[] => {
  const { batch } = aRecord()
  return [0, 10, 20].map((from, minute) =>
    aRecord({
      received_at: received_at + minute * 60_000,
      publisher,
      batch: { ...batch, view_id: viewId(at), events: batch.events.slice(from, from + 10) },
    }),
  )
}

/** Archives records, so many to an object, as the archive's sink does. */
const archive = async (
  records: StreamRecord[],
  inObject = 6,
  objects: ObjectStore = folderStore(join(folder, 'archive')),
) => {
  const sink = createArchiveSink({ objects, quarantine: nowhere })
  for (let from = 0; from < records.length; from += inObject) {
    const event = streamEvent(records.slice(from, from + inObject))
    for (const [index, { kinesis }] of event.Records.entries())
      kinesis.sequenceNumber = String(10_000 + from + index)
    expect(await sink(event)).toEqual({ batchItemFailures: [] })
  }
}

/** What a store holds, but for when it was written. */
const contents = async (file: string) => {
  const connection = await (await DuckDBInstance.create(join(folder, file))).connect()
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson()
  const events = await rows('SELECT * EXCLUDE (stored_at) FROM events ORDER BY view_id, seq')
  const views = await rows('SELECT * FROM views ORDER BY view_id')
  connection.closeSync()
  return { events, views }
}

/** What the store's own sink made of the records when they came. */
const storeAtOnce = async (records: StreamRecord[]) => {
  const store = await openStore(join(folder, 'before.duckdb'))
  await createStoreSink({ store, quarantine: nowhere })(streamEvent(records))
  await store.close()
  return contents('before.duckdb')
}

const argsOf = (from: number, to: number, ...more: string[]) => [
  ...['--from', new Date(from).toISOString(), '--to', new Date(to).toISOString()],
  ...['--sink', 'store', '--store', join(folder, 'after.duckdb')],
  ...['--archive', join(folder, 'archive'), '--quarantine', `file:${join(folder, 'quarantine')}`],
  ...['--state', join(folder, 'state.json'), ...more],
]

const run = async (args: string[], signal = new AbortController().signal) => {
  const [out, err]: [string[], string[]] = [[], []]
  const terminal = {
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    status: () => {},
    columns: 100,
    colors: false,
  }
  const code = await main(args, terminal, { env: {}, now: Date.now, signal })
  return { code, text: out.join('\n'), errors: err.join('\n') }
}

const day = (...more: string[]) => argsOf(NOON - 12 * HOUR, NOON + 12 * HOUR, ...more)

describe('a replay', () => {
  it('makes a lost store what it was before', async () => {
    const records = [0, 1, 2, 3].flatMap((at) => aView(at, NOON + at * HOUR - 90_000))
    await archive(records)
    const before = await storeAtOnce(records)
    const { code, text, errors } = await run(day())
    expect(errors).toBe('')
    expect(text).toMatch(/^116 events written from \d+ objects in .*, 0 events refused\.$/)
    expect(code).toBe(0)
    expect(await contents('after.duckdb')).toEqual(before)
    expect(before.events).toHaveLength(4 * 29)
  })

  it('reads a bucket as it does a folder', async () => {
    const s3 = await startS3('events')
    for (const [name, value] of Object.entries(s3.environment)) vi.stubEnv(name, value)
    const client = createS3Client(s3.environment)
    try {
      const records = [0, 1, 2].flatMap((at) => aView(at, NOON + at * HOUR - 90_000))
      await archive(records, 4, s3Store('events', 'a/b', client))
      const before = await storeAtOnce(records)
      expect(await run(day('--archive', 's3://events/a/b'))).toMatchObject({ code: 0, errors: '' })
      expect(await contents('after.duckdb')).toEqual(before)
    } finally {
      vi.unstubAllEnvs()
      client.destroy()
      await s3.stop()
    }
  })

  it('comes to the same when it is run twice, and over copies in the archive', async () => {
    const records = [0, 1].flatMap((at) => aView(at, NOON))
    await archive(records)
    await archive(records, 4)
    const before = await storeAtOnce(records)
    expect((await run(day())).code).toBe(0)
    expect((await run(day())).code).toBe(0)
    expect(await contents('after.duckdb')).toEqual(before)
    expect(existsSync(join(folder, 'state.json'))).toBe(false)
  })

  it('writes only what was received in the time, to the millisecond', async () => {
    await archive(aView(0, NOON))
    const { text } = await run(argsOf(NOON + 1, NOON + 120_000))
    expect(text).toContain('10 events written')
    expect((await contents('after.duckdb')).events.map(({ seq }) => Number(seq))).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    ])
  })

  it('writes only views and publishers that are asked for', async () => {
    await archive([...aView(0, NOON), ...aView(1, NOON), ...aView(2, NOON, 'site')])
    expect((await run(day('--view', viewId(1)))).text).toContain('29 events written')
    expect((await run(day('--publisher', 'site'))).text).toContain('29 events written')
    const { views } = await contents('after.duckdb')
    expect(views.map(({ view_id }) => view_id)).toEqual([viewId(1), viewId(2)])
  })

  it('writes nothing in a dry run, and says how much it would be', async () => {
    await archive(aView(0, NOON))
    expect((await run(day('--dry-run'))).text).toContain('29 events would be written from 1 object')
    expect(await readdir(folder)).toEqual(['archive'])
  })

  it('says which object cannot be read, goes on, and tries it again the next time', async () => {
    const records = [0, 1].flatMap((at) => aView(at, NOON))
    await archive(records, 3)
    const objects = join(folder, 'archive/events/dt=2026-11-22/hour=12')
    const [first] = (await readdir(objects)).toSorted()
    const bytes = await readFile(join(objects, first!))
    await writeFile(join(objects, first!), bytes.subarray(0, bytes.length - 20))
    const broken = await run(day())
    expect(broken.errors).toContain(`${first}: unexpected end of file`)
    expect(broken.errors).toContain('1 object could not be read')
    expect(broken.code).toBe(1)
    await writeFile(join(objects, first!), bytes)
    expect(await run(day())).toMatchObject({ code: 0, text: expect.stringContaining('from 1 object in') })
    expect(await contents('after.duckdb')).toEqual(await storeAtOnce(records))
  })

  it('says how many events the sink refused, which are in quarantine', async () => {
    const [record] = aView(0, NOON)
    await archive([record!])
    const at = join(folder, 'archive/events/dt=2026-11-22/hour=12')
    // What no record has: the sink takes it for poison.
    const [event] = flattenRecord(record!)
    const odd = { ...event!, received_at: NOON + 0.5 }
    await writeFile(join(at, 'x.ndjson.gz'), gzipSync(`${JSON.stringify(odd)}\n`))
    const { code, text, errors } = await run(day())
    expect(code).toBe(1)
    expect(text).toContain('1 event refused')
    expect(errors).toContain('see viewbeat-quarantine report')
    const kept = await readdir(join(folder, 'quarantine'), { recursive: true })
    expect(kept.some((name) => name.endsWith('quarantine.ndjson'))).toBe(true)
  })

  it('says which line is no event, and writes the others', async () => {
    const lines = flattenRecord(aView(0, NOON)[0]!).map((event) => JSON.stringify(event))
    const at = join(folder, 'archive/events/dt=2026-11-22/hour=12')
    await mkdir(at, { recursive: true })
    const [first, ...others] = lines
    await writeFile(join(at, 'x.ndjson.gz'), gzipSync([first, '{"view_id":', ...others, ''].join('\n')))
    const { code, text, errors } = await run(day())
    expect(errors).toContain('x.ndjson.gz:2: no event')
    expect(text).toContain('10 events written')
    expect(code).toBe(1)
  })

  it('reads what a delivery stream put together from several pieces of gzip', async () => {
    const events = aView(0, NOON).flatMap(flattenRecord)
    const at = join(folder, 'archive/events/dt=2026-11-22/hour=12')
    await mkdir(at, { recursive: true })
    const pieces = events.map((event) => gzipSync(`${JSON.stringify(event)}\n`))
    await writeFile(join(at, 'viewbeat-1-2026-11-22-12-00-00-a.gz'), Buffer.concat(pieces))
    expect((await run(day())).text).toContain('29 events written')
  })

  it.each([
    [['--from', '24h'], '--from 24h: expected 2026-11-22'],
    [['--to', '2026-11-01'], '--from has to be before --to'],
    [['--sink', 'x'], '--sink x: expected search or store'],
    [['--archive', '/nowhere'], '--archive /nowhere: no such folder'],
    [['--concurrency', '0'], '--concurrency 0: expected a whole number'],
    [['--quarantine', 'x'], 'VIEWBEAT_QUARANTINE: expected firehose:delivery-stream or file:/folder'],
  ])('asked for %s says what is wrong', async (more, message) => {
    await archive(aView(0, NOON))
    const { code, errors } = await run(day(...more))
    expect(errors).toContain(message)
    expect(code).toBe(2)
  })

  it('does not go on from the checkpoint of another replay', async () => {
    await archive(aView(0, NOON))
    await writeFile(
      join(folder, 'state.json'),
      '{"job":"another","through":"z","unfinished":[],"events":0,"refused":0}',
    )
    expect((await run(day())).errors).toContain('of another replay, another')
    expect((await run(day('--no-resume'))).text).toContain('29 events written')
  })
})

/** The command in a process of its own, from its sources. */
const start = (args: string[]) => {
  const bin = fileURLToPath(new URL('bin.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', bin, ...args])
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  return { child, output, ended: once(child, 'close') as Promise<[number | null, string | null]> }
}

describe('the command', () => {
  const VIEWS = 200
  const records = Array.from({ length: VIEWS }, (_, at) => aView(at, NOON + at * 20_000)).flat()

  it('goes on where it was when it was killed and when it was interrupted, and comes to the same', async () => {
    await archive(records, 3)
    const before = await storeAtOnce(records)
    const state = join(folder, 'state.json')
    const through = async () => (existsSync(state) ? JSON.parse(await readFile(state, 'utf8')).through : '')
    for (const [signal, end] of [
      ['SIGKILL', [null, 'SIGKILL']],
      ['SIGINT', [1, null]],
    ] as const) {
      const begun = await through()
      const { child, output, ended } = start(day('--concurrency', '2'))
      while ((await through()) === begun && child.exitCode === null) await sleep(5)
      child.kill(signal)
      expect(await ended, output.err).toEqual(end)
      expect((await through()) > begun).toBe(true)
    }
    const last = start(day('--concurrency', '2'))
    expect(await last.ended, last.output.err).toEqual([0, null])
    expect(last.output.err).toContain('Goes on where an earlier run ended')
    const [, objects] = /written from ([\d,]+) objects?/.exec(last.output.out) ?? []
    expect(Number(objects)).toBeLessThan(VIEWS)
    expect(await contents('after.duckdb')).toEqual(before)
  })
}, 120_000)
