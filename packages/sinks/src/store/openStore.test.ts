import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SILENCE_MS } from '@viewbeat/qoe'
import { flattenRecord, type StreamRecord } from '@viewbeat/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import { createStoreSink } from './createStoreSink.ts'
import { openStore, type Store } from './openStore.ts'

let now = 1790000040000
let file: string
let store: Store

beforeEach(async () => {
  now = 1790000040000
  file = join(await mkdtemp(join(tmpdir(), 'viewbeat-store-')), 'viewbeat.duckdb')
  store = await openStore(file, () => now)
})
afterEach(() => store.close())

const whole = aRecord()
const { view_id } = whole.batch
/** The record of some of the events. */
const part = (from: number, to: number): StreamRecord =>
  aRecord({ batch: { ...whole.batch, events: whole.batch.events.slice(from, to) } })

const write = (...records: StreamRecord[]) =>
  createStoreSink({ store, quarantine: store.quarantine })(streamEvent(records))

describe('the store', { timeout: 60_000 }, () => {
  it('answers with a view and its events in order', async () => {
    await write(whole)
    const found = await store.readView(view_id)
    expect(found?.events.map(({ seq }) => seq)).toEqual(whole.batch.events.map(({ seq }) => seq))
    expect(found?.events.map(({ stored_at, ...event }) => event)).toEqual(flattenRecord(whole))
    expect(found?.view).toMatchObject({ view_id, outcome: 'quit', startup_ms: 420, rebuffering_ms: 2000 })
    expect(found?.accounting).toEqual({ delivered: 29, quarantined: 0, dropped: 1 })
  })

  it('has each event once, however often and in whatever order it comes', async () => {
    await write(part(10, 29), part(10, 29))
    await write(part(0, 12))
    await write(whole, part(3, 5))
    const found = await store.readView(view_id)
    expect(found?.events.map(({ seq }) => seq)).toEqual(whole.batch.events.map(({ seq }) => seq))
    expect(found?.view.seq).toBe(28)
  })

  it('keeps the newer record of a view when an older one comes late', async () => {
    await write(part(28, 29))
    await write(part(0, 28))
    expect((await store.readView(view_id))?.view).toMatchObject({ seq: 28, outcome: 'quit' })
  })

  it('keeps the figures of a view when events without totals come, late or new', async () => {
    await write(part(0, 28))
    const before = (await store.readView(view_id))?.view
    const later = { ...whole.batch.events[16]!, seq: 28 }
    await write(aRecord({ batch: { ...whole.batch, events: [later] } }))
    await write(part(3, 6))
    expect((await store.readView(view_id))?.view).toEqual(before)
  })

  it('takes whatever a sender may put into fields that nobody checks', async () => {
    const odd = {
      ...whole.batch.events[16]!,
      seq: 50,
      totals: { playing_ms: 'abc' },
      publisher: 7,
      received_at: 'x',
    }
    const huge = structuredClone(whole.batch.events[28]!) as unknown as {
      seq: number
      totals: Record<string, number>
    }
    huge.seq = 51
    huge.totals.rebuffer_count = Number.MAX_SAFE_INTEGER
    await write(aRecord({ batch: { ...whole.batch, events: [odd, huge] as never } }))
    expect((await store.readView(view_id))?.events).toHaveLength(2)
  })

  it('answers with a view and its events of one moment, also while it is written', async () => {
    const end = whole.batch.events[28]!
    let isWriting = true
    const writing = (async () => {
      for (let seq = 0; seq < 50; seq++)
        await write(aRecord({ batch: { ...whole.batch, events: [{ ...end, seq }] } }))
    })().finally(() => {
      isWriting = false
    })
    const seen: [view: number | undefined, lastEvent: number | undefined][] = []
    while (isWriting) {
      const found = await store.readView(view_id)
      seen.push([found?.view.seq, found?.events.at(-1)?.seq])
    }
    await writing
    expect(seen.filter(([view, lastEvent]) => view !== lastEvent)).toEqual([])
    expect((await store.readView(view_id))?.view.seq).toBe(49)
  })

  it('answers with what was refused of a view, once, and no more when it came right', async () => {
    await write(part(0, 3), part(4, 29))
    const refused = {
      index: 3,
      seq: 3,
      code: 'too_small',
      path: '/events/3/t_ms',
      message: 'Too small',
    } as const
    const entry = { v: 1, stage: 'ingest', received_at: now, view_id, rejections: [refused] } as const
    await store.quarantine.put([entry, entry].map((one) => ({ ...one, rejections: [refused] })))
    const { index: _, ...told } = refused
    expect((await store.readView(view_id))?.refused).toEqual([{ ...told, stage: 'ingest', received_at: now }])
    await write(part(3, 4))
    expect((await store.readView(view_id))?.refused).toEqual([])
  })

  it('lists the view heard of last first', async () => {
    const older = aRecord({ received_at: whole.received_at - 1000 })
    older.batch.view_id = '01K5M0PV40ZZZZZZZZZZZZZZZ0'
    await write(older, whole)
    expect((await store.listViews(10)).map((view) => view.view_id)).toEqual([view_id, older.batch.view_id])
    expect(await store.listViews(1)).toHaveLength(1)
  })

  it('counts what was refused, but not twice and not what came right later', async () => {
    await write(part(0, 3), part(4, 29))
    const refused = { index: 3, seq: 3, code: 'too_small', path: '/events/3/t_ms', message: '' } as const
    const entry = { v: 1, stage: 'ingest', received_at: now, view_id, rejections: [refused] } as const
    await store.quarantine.put([
      { ...entry, rejections: [refused] },
      { ...entry, rejections: [refused] },
    ])
    expect((await store.readView(view_id))?.accounting).toMatchObject({ delivered: 28, quarantined: 1 })
    await write(part(3, 4))
    expect((await store.readView(view_id))?.accounting).toMatchObject({ delivered: 29, quarantined: 0 })
  })

  it('counts the events of what was refused as a whole', async () => {
    await write(part(0, 10))
    const seqs = whole.batch.events.slice(10).map(({ seq }) => seq)
    const rejections = [{ code: 'missing', path: '/visit_id', message: '' } as const]
    await store.quarantine.put([{ v: 1, stage: 'ingest', received_at: now, view_id, rejections, seqs }])
    expect((await store.readView(view_id))?.accounting).toEqual({
      delivered: 10,
      quarantined: 19,
      dropped: 1,
    })
  })

  it('closes an open view that has been silent for too long, until it speaks again', async () => {
    await write(part(0, 28))
    now = whole.received_at + SILENCE_MS + 1
    expect((await store.readView(view_id))?.view.outcome).toBe('timeout')
    await store.closeSilentViews()
    now = whole.received_at
    expect((await store.readView(view_id))?.view.outcome).toBe('timeout')
    await write(whole)
    expect((await store.readView(view_id))?.view.outcome).toBe('quit')
  })

  it('keeps its data when it is closed and opened again', async () => {
    await write(whole)
    await store.close()
    store = await openStore(file, () => now)
    expect((await store.readView(view_id))?.events).toHaveLength(29)
  })

  it('knows nothing of a view it has not seen', async () => {
    expect(await store.readView("' OR 1=1 --")).toBeUndefined()
  })

  it('goes on after a write that failed', async () => {
    await expect(store.write([{ seq: 'x' } as never])).rejects.toThrow()
    await write(whole)
    expect((await store.readView(view_id))?.events).toHaveLength(29)
  })
})
