import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { QuarantineEntry, StreamRecord } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import type { SinkFacts } from '../consume/observer.ts'
import { createArchiveSink } from './createArchiveSink.ts'
import { folderStore } from './folderStore.ts'
import type { ObjectStore } from './objectStore.ts'

const HOUR_MS = 3_600_000
const received = Date.UTC(2026, 10, 22, 5, 59, 59)

const bench = async (wrap: (store: ObjectStore) => ObjectStore = (store) => store) => {
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-archive-'))
  const quarantined: QuarantineEntry[] = []
  const told: SinkFacts[] = []
  const sink = createArchiveSink({
    objects: wrap(folderStore(folder)),
    quarantine: { put: async (entries) => void quarantined.push(...entries) },
    now: () => received + 1000,
    observer: { consumed: (facts) => told.push(facts) },
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
  /** Every event that is there, once, as `view_id seq`. */
  const events = async () =>
    new Set(
      [...(await objects()).values()]
        .flatMap((text) => text.trimEnd().split('\n'))
        .map((line) => JSON.parse(line))
        .map(({ view_id, seq }) => `${view_id} ${seq}`),
    )
  return { sink, quarantined, told, objects, events }
}

/** A record of a view of its own. */
const ofView = (view: number, received_at = received): StreamRecord => {
  const record = aRecord({ received_at })
  record.batch.view_id = `view-${view}`
  return record
}
const identitiesOf = (...records: StreamRecord[]) =>
  new Set(records.flatMap(({ batch }) => batch.events.map(({ seq }) => `${batch.view_id} ${seq}`)))

/** A store that fails the first so many puts of keys like `pattern`. */
const failing =
  (times: number, pattern = /./) =>
  (store: ObjectStore): ObjectStore => ({
    putObject(key, body, timeoutMs) {
      if (pattern.test(key) && times-- > 0) return Promise.reject(new Error('SlowDown'))
      return store.putObject(key, body, timeoutMs)
    },
  })

describe('the archive', () => {
  it('keeps an invocation as one object, named by hour and by its place in the stream', async () => {
    const { sink, objects } = await bench()
    await sink(streamEvent([aRecord({ received_at: received }), aRecord({ received_at: received })]))
    expect([...(await objects()).keys()]).toEqual([
      expect.stringMatching(
        /^events\/dt=2026-11-22\/hour=05\/shardId-000000000000-100-101-[0-9a-f]{8}\.ndjson\.gz$/,
      ),
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

  it('has a line for each event with its context, a newline after each line', async () => {
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

  it('puts what is no record into quarantine with its bytes and goes on', async () => {
    const { sink, objects, quarantined } = await bench()
    const answer = await sink(streamEvent([aRecord(), Buffer.from('poison')]))
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(await objects()).toHaveProperty('size', 1)
    expect(quarantined).toMatchObject([
      { stage: 'archive', sequence_number: '101', body_base64: Buffer.from('poison').toString('base64') },
    ])
  })

  it('hands back all of an object that its store does not take', async () => {
    const { sink, told } = await bench(failing(1))
    expect(await sink(streamEvent([aRecord(), aRecord()]))).toEqual({
      batchItemFailures: [{ itemIdentifier: '100' }],
    })
    expect(told).toMatchObject([{ failed: 2, reason: 'SlowDown' }])
  })

  it('hands back only from the hour on that failed, and has each event when it comes again', async () => {
    const { sink, told, events } = await bench(failing(2, /hour=06/))
    const records = [ofView(0), ofView(1), ofView(2, received + HOUR_MS), ofView(3)]
    const { Records } = streamEvent(records)
    let from = 0
    for (let times = 0; times < 3; times++) {
      const { batchItemFailures } = await sink({ Records: Records.slice(from) })
      const [failure] = batchItemFailures
      expect(failure?.itemIdentifier).toBe(times < 2 ? '102' : undefined)
      if (failure) from = 2
    }
    expect(told.map(({ failed }) => failed)).toEqual([1, 1, 0])
    expect(await events()).toEqual(identitiesOf(...records))
  })

  it('has 99 of a hundred when one is poison and its store fails twice, and the one is in quarantine', async () => {
    const { sink, quarantined, events } = await bench(failing(2))
    const records = Array.from({ length: 100 }, (_, view) => ofView(view, received + (view % 2) * HOUR_MS))
    const event = streamEvent(records.map((record, index) => (index === 37 ? Buffer.from('{"v":1') : record)))
    let from = 0
    for (let times = 0; from < 100; times++) {
      expect(times).toBeLessThan(3)
      const { batchItemFailures } = await sink({ Records: event.Records.slice(from) })
      from = batchItemFailures[0] ? Number(batchItemFailures[0].itemIdentifier) - 100 : 100
    }
    expect(await events()).toEqual(identitiesOf(...records.filter((_, index) => index !== 37)))
    expect(new Set(quarantined.map(({ sequence_number }) => sequence_number))).toEqual(new Set(['137']))
    expect(Buffer.from(quarantined[0]!.body_base64!, 'base64').toString()).toBe('{"v":1')
  })

  it('refuses for good a record that cannot be written, with its bytes, and keeps the others', async () => {
    const { sink, quarantined, events } = await bench()
    const deep = JSON.stringify(ofView(1)).replace(
      '"client":{}',
      `"client":{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    )
    const answer = await sink(streamEvent([ofView(0), Buffer.from(deep), ofView(2)]))
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(await events()).toEqual(identitiesOf(ofView(0), ofView(2)))
    expect(quarantined).toMatchObject([{ sequence_number: '101', view_id: 'view-1' }])
    expect(Buffer.from(quarantined[0]!.body_base64!, 'base64').toString()).toBe(deep)
  })

  it('hands back what it has no time for, and gives its store no more than there is', async () => {
    const given: number[] = []
    const { sink } = await bench((store) => ({
      putObject(key, body, timeoutMs) {
        given.push(timeoutMs)
        return store.putObject(key, body, timeoutMs)
      },
    }))
    const event = streamEvent([aRecord()])
    expect(await sink(event, { getRemainingTimeInMillis: () => 30_000 })).toEqual({ batchItemFailures: [] })
    expect(given).toEqual([25_000])
    expect(await sink(event, { getRemainingTimeInMillis: () => 0 })).toEqual({
      batchItemFailures: [{ itemIdentifier: '100' }],
    })
    expect(given).toHaveLength(1)
  })

  it('puts no more than two objects at once', async () => {
    let open = 0
    let most = 0
    const { sink, objects } = await bench((store) => ({
      async putObject(key, body, timeoutMs) {
        most = Math.max(most, ++open)
        await store.putObject(key, body, timeoutMs)
        open--
      },
    }))
    await sink(streamEvent(Array.from({ length: 6 }, (_, hour) => ofView(hour, received + hour * HOUR_MS))))
    expect(most).toBe(2)
    expect(await objects()).toHaveProperty('size', 6)
  })
})
