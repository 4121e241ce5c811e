import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeRecord, type QuarantineEntry } from '@viewbeat/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutgoingRecord } from '../records/toRecord.ts'
import { createSpill } from './createSpill.ts'
import { drainSpill } from './drainSpill.ts'
import { folderObjects } from './folderObjects.ts'

const NOW = 1790000040000
const FAR = Number.MAX_SAFE_INTEGER

let folder: string
let now: number
let taken: string[]
let quarantined: QuarantineEntry[]
let isDown: boolean

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-spill-'))
  now = NOW
  taken = []
  quarantined = []
  isDown = false
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

const open = () => {
  const objects = folderObjects(folder)
  return {
    spill: createSpill(objects, () => now),
    drain: (deadline = FAR) =>
      drainSpill(
        {
          objects,
          putRecords: async (records) => {
            if (isDown) return { left: [...records], retried: 0 }
            taken.push(...records.map(({ partitionKey, data }) => `${partitionKey} ${data.length}`))
            return { left: [], retried: 0 }
          },
          quarantine: { put: async (entries) => void quarantined.push(...entries) },
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

  it('is drained onto the stream, oldest first, each record whole and under its view', async () => {
    const { spill, drain } = open()
    await spill([record('a'), record('b')])
    now += 3_600_000
    await spill([record('c')])
    expect(await drain()).toEqual({ found: 2, drained: 2, records: 3, oldest_s: 0 })
    expect(taken).toEqual(['a', 'b', 'c'].map((name) => `${name} ${record(name).data.length}`))
    expect(await files()).toEqual([])
  })

  it('is left as it is while the stream takes nothing, and says how old it is', async () => {
    const { spill, drain } = open()
    await spill([record('a')])
    isDown = true
    now += 90_000
    expect(await drain()).toEqual({ found: 1, drained: 0, records: 0, oldest_s: 90 })
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

  it('is empty where nothing was ever spilled', async () => {
    await rm(folder, { recursive: true })
    expect(await open().drain()).toEqual({ found: 0, drained: 0, records: 0, oldest_s: 0 })
    await open().spill([])
  })
})
