import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import type { QuarantineEntry } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import { createArchiveSink } from './createArchiveSink.ts'
import { folderStore } from './folderStore.ts'

const bench = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-archive-'))
  const quarantined: QuarantineEntry[] = []
  const sink = createArchiveSink({
    objects: folderStore(folder),
    quarantine: { put: async (entries) => void quarantined.push(...entries) },
    now: () => 1,
  })
  const objects = async () => {
    const names = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    return new Map(
      await Promise.all(
        files.map(
          async (file) =>
            [file.slice(folder.length + 1), gunzipSync(await readFile(file)).toString()] as const,
        ),
      ),
    )
  }
  return { folder, sink, quarantined, objects }
}

const HOUR = 3_600_000
const received = Date.UTC(2026, 10, 22, 5, 59, 59)

describe('the archive', () => {
  it('keeps an invocation as one object, named by hour and by its place in the stream', async () => {
    const { sink, objects } = await bench()
    await sink(streamEvent([aRecord({ received_at: received }), aRecord({ received_at: received })]))
    expect([...(await objects()).keys()]).toEqual([
      'events/dt=2026-11-22/hour=05/shardId-000000000000-100-101.ndjson.gz',
    ])
  })

  it('splits by the hour in which records were received', async () => {
    const { sink, objects } = await bench()
    const records = [received, received + HOUR, received].map((received_at) => aRecord({ received_at }))
    await sink(streamEvent(records))
    expect([...(await objects()).keys()].toSorted()).toEqual([
      'events/dt=2026-11-22/hour=05/shardId-000000000000-100-102.ndjson.gz',
      'events/dt=2026-11-22/hour=06/shardId-000000000000-101-101.ndjson.gz',
    ])
  })

  it('is unchanged when the same batch comes again', async () => {
    const { sink, objects } = await bench()
    const event = streamEvent([aRecord(), aRecord()])
    await sink(event)
    const before = await objects()
    await sink(event)
    expect(await objects()).toEqual(before)
  })

  it('has a line for each event, a newline after each line', async () => {
    const { sink, objects } = await bench()
    await sink(streamEvent([aRecord(), aRecord()]))
    const [text] = [...(await objects()).values()]
    expect(text!.endsWith('}\n')).toBe(true)
    const events = text!
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events).toHaveLength(2 * aRecord().batch.events.length)
    for (const event of events)
      expect(event).toMatchObject({ view_id: expect.any(String), context: { content: {} } })
  })

  it('is read by another engine, partitions included', async () => {
    const { sink, folder } = await bench()
    await sink(streamEvent([aRecord({ received_at: received })]))
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const files = join(folder, 'events/**/*.ndjson.gz')
    const result = await connection.runAndReadAll(
      `SELECT dt::VARCHAR AS dt, hour::INTEGER AS hour, count(*)::INTEGER AS events, count(DISTINCT seq)::INTEGER AS seqs
       FROM read_json('${files}', hive_partitioning = true) GROUP BY ALL`,
    )
    const { length } = aRecord().batch.events
    expect(result.getRowObjectsJS()).toEqual([{ dt: '2026-11-22', hour: 5, events: length, seqs: length }])
  })

  it('puts what is no record into quarantine with its bytes and goes on', async () => {
    const { sink, objects, quarantined } = await bench()
    const answer = await sink(streamEvent([aRecord(), Buffer.from('poison')]))
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(await objects()).toHaveProperty('size', 1)
    expect(quarantined).toMatchObject([
      { stage: 'archive', sequence_number: '101', body_base64: Buffer.from('poison').toString('base64') },
    ])
  })

  it('reports a store that fails, so that Lambda tries again', async () => {
    const sink = createArchiveSink({
      objects: { putObject: () => Promise.reject(new Error('slow down')) },
      quarantine: { put: async () => {} },
    })
    await expect(sink(streamEvent([aRecord()]))).rejects.toThrow('slow down')
  })
})
