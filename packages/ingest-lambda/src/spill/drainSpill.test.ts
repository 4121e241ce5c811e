import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeRecord, type QuarantineEntry } from '@viewbeat/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutgoingRecord } from '../records/toRecord.ts'
import { createSpill } from './createSpill.ts'
import { drainSpill } from './drainSpill.ts'
import { folderObjects } from './folderObjects.ts'
import type { SpillObjects } from './objects.ts'

const NOW = 1790000040000
const FAR = Number.MAX_SAFE_INTEGER

let folder: string
let now: number
let taken: string[]
let quarantined: QuarantineEntry[]
let isDown: boolean
let quarantineIsDown: boolean
/** Partition keys that the stream never takes. */
let refused: Set<string>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-spill-'))
  now = NOW
  taken = []
  quarantined = []
  isDown = false
  quarantineIsDown = false
  refused = new Set()
})
afterEach(() => rm(folder, { recursive: true }))

const record = (view_id: string): OutgoingRecord => ({
  partitionKey: view_id,
  data: encodeRecord({
    v: 1,
    received_at: NOW,
    publisher: 'demo',
    client: {},
    batch: { view_id, events: [{ seq: 0, type: 'view_start' }] } as never,
  }),
})

const open = (objects: SpillObjects = folderObjects(folder)) => {
  return {
    spill: createSpill(objects, () => now),
    drain: (deadline = FAR) =>
      drainSpill(
        {
          objects,
          putRecords: async (records) => {
            if (isDown) return { left: [...records], retried: 0, cause: 'down' }
            const left = records.filter(({ partitionKey }) => refused.has(partitionKey))
            const put = records.filter((record) => !left.includes(record))
            taken.push(...put.map(({ partitionKey, data }) => `${partitionKey} ${data.length}`))
            return { left, retried: 0, ...(left.length > 0 && { cause: 'refused' }) }
          },
          quarantine: {
            put: async (entries) => {
              if (quarantineIsDown) throw new Error('quarantine is down')
              quarantined.push(...entries)
            },
          },
          now: () => now,
        },
        deadline,
      ),
  }
}

const files = async () =>
  (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ndjson'))

describe('the spill', () => {
  it('keeps records as the lines that belong on the stream, by the hour they came', async () => {
    await open().spill([record('a'), record('b')])
    expect(await files()).toEqual([
      expect.stringMatching(/^dt=2026-09-21\/hour=14\/1790000040000-[\w-]+\.ndjson$/),
    ])
  })

  it('is drained onto the stream, each record whole and under its view', async () => {
    const { spill, drain } = open()
    await spill([record('a'), record('b')])
    now += 3_600_000
    await spill([record('c')])
    expect(await drain()).toEqual({ found: 2, drained: 2, failed: 0, records: 3, oldest_s: 0 })
    expect(taken.toSorted()).toEqual(['a', 'b', 'c'].map((name) => `${name} ${record(name).data.length}`))
    expect(await files()).toEqual([])
  })

  it('is left as it is while the stream takes nothing, and says how old it is', async () => {
    const { spill, drain } = open()
    await spill([record('a')])
    isDown = true
    now += 90_000
    expect(await drain()).toEqual({
      found: 1,
      drained: 0,
      failed: 1,
      records: 0,
      oldest_s: 90,
      reason: 'down',
    })
    isDown = false
    expect(await drain()).toMatchObject({ drained: 1, records: 1 })
  })

  it('is not begun where there is no time left', async () => {
    const { spill, drain } = open()
    await spill([record('a')])
    expect(await drain(now)).toMatchObject({ found: 1, drained: 0 })
  })

  it('loses nothing that is no record: it goes to quarantine as it is', async () => {
    const { spill, drain } = open()
    await spill([{ partitionKey: 'x', data: Buffer.from('half a rec') }, record('a')])
    await drain()
    expect(quarantined).toMatchObject([{ stage: 'ingest', rejections: [{ code: 'unreadable' }] }])
    expect(Buffer.from(quarantined[0]!.body_base64!, 'base64').toString()).toContain('half a rec')
  })

  it('goes on with the next object when the stream does not take all of one, which keeps what is left', async () => {
    const { spill, drain } = open()
    await spill([record('a'), record('bad'), record('b')])
    now += 1000
    await spill([record('c')])
    refused.add('bad')
    expect(await drain()).toEqual({
      found: 2,
      drained: 1,
      failed: 1,
      records: 3,
      oldest_s: 1,
      reason: 'refused',
    })
    expect(taken.map((line) => line.split(' ')[0]).toSorted()).toEqual(['a', 'b', 'c'])
    const [left] = await files()
    expect(await readFile(join(folder, left!))).toEqual(Buffer.from(record('bad').data))
    refused.clear()
    expect(await drain()).toMatchObject({ found: 1, drained: 1, records: 1 })
    expect(await files()).toEqual([])
  })

  it('goes on with the next object when one cannot be read', async () => {
    const objects = folderObjects(folder)
    const { spill, drain } = open({
      ...objects,
      get: async (name) => {
        if (name.includes(`${NOW}-`)) throw new Error('AccessDenied')
        return objects.get(name)
      },
    })
    await spill([record('a')])
    now += 1000
    await spill([record('b')])
    expect(await drain()).toMatchObject({
      found: 2,
      drained: 1,
      failed: 1,
      records: 1,
      reason: 'AccessDenied',
    })
    expect(await files()).toHaveLength(1)
  })

  it('keeps a line that is no record until quarantine takes it', async () => {
    const { spill, drain } = open()
    await spill([{ partitionKey: 'x', data: Buffer.from('half a rec\n') }, record('a')])
    quarantineIsDown = true
    expect(await drain()).toMatchObject({ drained: 0, failed: 1, records: 1, reason: 'quarantine is down' })
    const [left] = await files()
    expect(await readFile(join(folder, left!), 'utf8')).toBe('half a rec\n')
    quarantineIsDown = false
    await drain()
    expect(quarantined).toHaveLength(1)
    expect(await files()).toEqual([])
  })

  it('is drained however many objects there are', async () => {
    const { spill, drain } = open()
    for (let at = 0; at < 1100; at++) await spill([record('a')])
    refused.add('a')
    now += 3_600_000
    await spill([record('b')])
    expect(await drain()).toMatchObject({ found: 1101, drained: 1, failed: 1100, records: 1 })
  })

  it('is drained some objects at once, the oldest begun first, for a stream that was away leaves thousands', async () => {
    const objects = folderObjects(folder)
    let reading = 0
    let most = 0
    const begun: string[] = []
    const { spill, drain } = open({
      ...objects,
      get: async (name) => {
        begun.push(name)
        most = Math.max(most, ++reading)
        const bytes = await objects.get(name)
        reading--
        return bytes
      },
    })
    for (let at = 0; at < 40; at++) await spill([record('a')])
    expect(await drain()).toMatchObject({ found: 40, drained: 40 })
    expect(most).toBe(16)
    expect(begun).toEqual(begun.toSorted())
  })

  it('lets alone what it has not spilled', async () => {
    const objects = folderObjects(folder)
    const names = ['dt=2026-09-21/hour=14/1-a.ndjson', 'keys.json']
    const removed: string[] = []
    const { drain } = open({
      ...objects,
      list: async (_, after) => (after === undefined ? names : []),
      get: async () => Buffer.from(record('a').data),
      remove: async (name) => void removed.push(name),
    })
    expect(await drain()).toMatchObject({ found: 1, drained: 1 })
    expect(removed).toEqual(names.slice(0, 1))
  })

  it('is empty where nothing was ever spilled', async () => {
    await rm(folder, { recursive: true })
    expect(await open().drain()).toEqual({ found: 0, drained: 0, failed: 0, records: 0, oldest_s: 0 })
    await open().spill([])
  })
})
