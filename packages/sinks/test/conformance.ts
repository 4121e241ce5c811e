import { foldView } from '@viewbeat/qoe'
import {
  decodeRecord,
  type FlatEvent,
  flattenRecord,
  type QuarantineEntry,
  type StreamRecord,
  type ViewRecord,
} from '@viewbeat/schema'
import type { KinesisStreamBatchResponse } from 'aws-lambda'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sink } from '../src/consume/createSink.ts'
import { streamEvent } from './streamEvent.ts'
import { aView, aViewWithoutTotals, part, unstorable } from './views.ts'

/** A store with its sink. */
export interface Opened {
  sink: Sink
  /** What the sink has put into quarantine so far. */
  quarantined: readonly QuarantineEntry[]
  /** Every row that is stored of a view, so that what is there twice is seen. */
  readEvents(viewId: string): Promise<FlatEvent[]>
  readView(viewId: string): Promise<ViewRecord | undefined>
  close(): Promise<void>
}

const seqsOf = (events: { seq: number }[]) => events.map(({ seq }) => seq).toSorted((a, b) => a - b)

const NOTHING_FAILED: KinesisStreamBatchResponse = { batchItemFailures: [] }

/** What every store's sink has to do, whichever store it is. `runs`: how many random orders are tried. */
export const conforms = (name: string, open: () => Promise<Opened>, { runs = 30 } = {}) => {
  describe(`${name}, as every store`, { timeout: 120_000 }, () => {
    let opened: Opened
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    const send = async (...records: (StreamRecord | Buffer)[]) =>
      expect(await opened.sink(streamEvent(records))).toEqual(NOTHING_FAILED)
    const quarantinedOf = (viewId: string) => opened.quarantined.filter(({ view_id }) => view_id === viewId)
    /** Each event of the records once, and the view's record as all of them fold. */
    const expectWhole = async (records: StreamRecord[]) => {
      const all = records.flatMap(flattenRecord)
      const { view_id } = records[0]!.batch
      expect(seqsOf(await opened.readEvents(view_id))).toEqual([...new Set(seqsOf(all))])
      expect(await opened.readView(view_id)).toEqual(foldView(all))
    }

    it('stores events as they are, and their view', async () => {
      const view = aView()
      await send(view)
      const stored = await opened.readEvents(view.batch.view_id)
      expect(stored.toSorted((a, b) => a.seq - b.seq)).toEqual(flattenRecord(view))
      await expectWhole([view])
    })

    it.each([
      ['with totals', aView],
      ['without totals', aViewWithoutTotals],
    ])('ends the same whatever the order, the edges and the repetitions: a view %s', async (_, make) => {
      const { length } = make().batch.events
      const invocations = fc.array(
        fc.array(fc.tuple(fc.nat(length - 1), fc.integer({ min: 1, max: 12 })), {
          minLength: 1,
          maxLength: 4,
        }),
        { minLength: 1, maxLength: 5 },
      )
      await fc.assert(
        fc.asyncProperty(invocations, async (sent) => {
          const whole = make()
          // Totals as of a number are the same in each batch that has it, and so is when it was received.
          const records = sent.map((parts) =>
            parts.map(([from, events]) => ({
              ...part(whole, from, from + events),
              received_at: whole.received_at,
            })),
          )
          for (const invocation of records) await send(...invocation)
          await expectWhole(records.flat())
        }),
        { numRuns: runs },
      )
    })

    it('keeps the first of two copies that a page sent, in whatever order they come', async () => {
      for (const isSwapped of [false, true]) {
        const first = aView()
        const second = { ...first, received_at: first.received_at + 5000 }
        const [one, other] = isSwapped ? [second, first] : [first, second]
        await send(one)
        await send(other)
        await expectWhole([first, second])
      }
    })

    it('has copies in one invocation once', async () => {
      const view = aView()
      await send(view, view, part(view, 3, 9))
      await expectWhole([view])
      expect(quarantinedOf(view.batch.view_id)).toEqual([])
    })

    it('has the copy of a batch that comes after midnight once', async () => {
      const view = aView()
      await send(view)
      const again = { ...view, received_at: view.received_at + 86_400_000 }
      await send(again)
      await expectWhole([view, again])
    })

    it('follows a view as it goes on', async () => {
      const view = aView()
      const told = view.batch.events.findIndex(({ type }) => type === 'heartbeat') + 1
      const batches = [part(view, 0, told), part(view, told, view.batch.events.length)]
      for (const [place, batch] of batches.entries()) {
        await send(batch)
        await expectWhole(batches.slice(0, place + 1))
      }
    })

    it('keeps the newer record of a view when an older batch comes late', async () => {
      const view = aView()
      const { length } = view.batch.events
      await send(part(view, length - 1, length))
      const before = await opened.readView(view.batch.view_id)
      await send(part(view, 0, length - 1))
      expect(await opened.readView(view.batch.view_id)).toEqual(before)
      await expectWhole([part(view, length - 1, length), part(view, 0, length - 1)])
    })

    it('prefers totals to what was counted, even where what was counted is newer', async () => {
      const view = aView()
      const events = view.batch.events
      const told = events.findIndex(({ type }) => type === 'heartbeat')
      const counted = {
        ...view,
        batch: { ...view.batch, events: events.slice(0, -1).filter(({ type }) => type !== 'heartbeat') },
      }
      await send(counted)
      expect((await opened.readView(view.batch.view_id))?.basis).toBe('events')
      await send(part(view, told, told + 1))
      await expectWhole([counted, part(view, told, told + 1)])
      expect((await opened.readView(view.batch.view_id))?.basis).toBe('totals')
    })

    it('puts what it can never store into quarantine, with its bytes, and stores the rest', async () => {
      const view = aView()
      const bad = aView()
      bad.batch.events = [...bad.batch.events.slice(0, 5), unstorable(900), ...bad.batch.events.slice(5)]
      await send(view, bad)
      await expectWhole([view])
      expect(await opened.readEvents(bad.batch.view_id)).toHaveLength(bad.batch.events.length - 1)
      const [entry, ...more] = quarantinedOf(bad.batch.view_id)
      expect(more).toEqual([])
      expect(entry).toMatchObject({
        rejections: [{ code: 'store_refused', path: '' }],
        seqs: [900],
        sequence_number: '101',
        publisher: bad.publisher,
        received_at: bad.received_at,
      })
      const decoded = decodeRecord(Buffer.from(entry!.body_base64!, 'base64'))
      expect(decoded).toEqual({
        ok: true,
        record: { ...bad, batch: { ...bad.batch, events: [unstorable(900)] } },
      })
    })

    it('delivers 99 of 100 events, and one to quarantine', async () => {
      const views = Array.from({ length: 10 }, () => part(aView(), 0, 10))
      views[4]!.batch.events[7] = unstorable(7)
      await send(...views)
      const stored = await Promise.all(views.map(({ batch }) => opened.readEvents(batch.view_id)))
      expect(stored.flat()).toHaveLength(99)
      expect(views.flatMap(({ batch }) => quarantinedOf(batch.view_id))).toMatchObject([{ seqs: [7] }])
    })

    it('puts a record that cannot be folded into quarantine, and stores the others of its view', async () => {
      const view = aView()
      const bad = part(view, 2, 4) as StreamRecord & { batch: { sdk?: unknown } }
      bad.batch = { ...bad.batch, sdk: undefined as never }
      await send(part(view, 0, 2), bad, part(view, 4, 29))
      expect(seqsOf(await opened.readEvents(view.batch.view_id))).toEqual(
        seqsOf(view.batch.events.filter(({ seq }) => seq !== 2 && seq !== 3)),
      )
      expect(quarantinedOf(view.batch.view_id).flatMap(({ seqs }) => seqs)).toEqual([2, 3])
    })

    it('puts what is no record into quarantine with its bytes and goes on', async () => {
      const view = aView()
      const before = opened.quarantined.length
      await send(view, Buffer.from('poison'), part(view, 0, 3))
      await expectWhole([view])
      expect(opened.quarantined.slice(before)).toMatchObject([
        { sequence_number: '101', body_base64: Buffer.from('poison').toString('base64') },
      ])
    })

    it('takes whatever a producer may put into its own fields', async () => {
      const view = aView()
      const values = [
        'text',
        7,
        null,
        [1, ['a', { b: null }]],
        JSON.parse('{"a":{"b":1},"c.d":true,"__proto__":{"e":1}}'),
        '2026-11-22',
      ]
      view.batch.events = values.flatMap((value, place) => [
        { ...view.batch.events[0]!, seq: 2 * place, type: 'custom', name: 'any', value } as never,
        { ...view.batch.events[0]!, seq: 2 * place + 1, ext: { 'com.example.area': value } } as never,
      ])
      await send(view)
      await expectWhole([view])
      expect(quarantinedOf(view.batch.view_id)).toEqual([])
    })

    it('takes numbers as large as they come, and clocks that are years off', async () => {
      const view = aView()
      const last = structuredClone(view.batch.events.at(-1)!) as unknown as {
        seq: number
        ts: number
        totals: Record<string, number>
      }
      last.totals.rebuffer_count = Number.MAX_SAFE_INTEGER
      last.ts = Number.MAX_SAFE_INTEGER
      view.batch.sent_at = 0
      view.batch.events = [
        { ...view.batch.events[0]!, ts: 0 },
        { ...last, seq: Number.MAX_SAFE_INTEGER } as never,
      ]
      await send(view)
      await expectWhole([view])
      expect(quarantinedOf(view.batch.view_id)).toEqual([])
    })
  })
}
