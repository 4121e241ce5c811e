import { closeIfSilent, foldView, SILENCE_MS } from '@viewbeat/qoe'
import { flattenRecord, type StreamRecord } from '@viewbeat/schema'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import { createStoreSink } from '../store/createStoreSink.ts'
import { openStore, type Store } from '../store/openStore.ts'
import { createViewFunction } from './createViewFunction.ts'
import { drawTimeline } from './drawTimeline.ts'
import { findGaps } from './findGaps.ts'
import { findInSearch } from './findInSearch.ts'
import type { FindView, Found } from './found.ts'
import { main } from './main.ts'
import { readTimeline } from './readTimeline.ts'

const whole = aRecord()
const { view_id } = whole.batch
const RECEIVED = whole.received_at

let now: number
let store: Store

beforeEach(async () => {
  now = RECEIVED + 200
  store = await openStore(':memory:', () => now)
})

/** Some of the events as a batch that nothing was lost of so far. */
const part = (
  from: number,
  to: number,
  instead: Partial<StreamRecord['batch']> = {},
  received_at = RECEIVED,
) =>
  aRecord({
    received_at,
    batch: { ...whole.batch, dropped: {}, events: whole.batch.events.slice(from, to), ...instead },
  })

const write = (...records: StreamRecord[]) =>
  createStoreSink({ store, quarantine: store.quarantine })(streamEvent(records))

const refuse = (...seqs: number[]) =>
  store.quarantine.put([
    {
      v: 1,
      stage: 'ingest',
      received_at: now,
      view_id,
      rejections: seqs.map((seq, index) => ({ index, seq, code: 'too_big', path: '/x', message: 'Too big' })),
    },
  ])

const read = async (at = now) => (await readTimeline(store.readView, view_id, at))!

const gapsOf = ({ gaps }: Awaited<ReturnType<typeof read>>) =>
  gaps.map(({ from_seq, to_seq, why }) => [from_seq, to_seq, why])

describe('a view in a search index', () => {
  it.each([
    ['has no record yet', undefined],
    ['has a record of what came before its last events', foldView(flattenRecord(part(0, 12)))],
  ])('that %s is told by all of its events', async (_, record) => {
    const events = flattenRecord(part(0, 29))
    const index = { viewsOf: async () => (record ? [record] : []), eventsOf: async () => events }
    expect(await findInSearch(index)(view_id)).toEqual({ view: foldView(events), events })
  })
})

describe('a timeline', () => {
  it('has the events in order, once, whatever way they came', async () => {
    await write(part(10, 29), part(10, 29))
    await write(part(0, 12))
    const { events, gaps, captured, missing, accounting, view, spans, totals } = await read()
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 29 }, (_, seq) => seq))
    expect({ gaps, captured, missing }).toEqual({ gaps: [], captured: 29, missing: 0 })
    expect(accounting).toEqual({ delivered: 29, quarantined: 0, dropped: 0 })
    expect(view.outcome).toBe('quit')
    expect(spans[0]).toEqual({ state: 'preloading', from_ms: 0, to_ms: 800 })
    expect(totals).toEqual({ seq: 28, totals: (whole.batch.events[28] as { totals?: object }).totals })
  })

  it('marks what is in quarantine, with the reason', async () => {
    await write(part(0, 3), part(6, 29))
    await refuse(3, 4)
    const timeline = await read(now + 2 * SILENCE_MS)
    expect(gapsOf(timeline)).toEqual([
      [3, 4, 'quarantined'],
      [5, 5, 'missing'],
    ])
    expect(timeline.gaps[0]!.refused).toMatchObject([
      { seq: 3, stage: 'ingest', code: 'too_big' },
      { seq: 4 },
    ])
    expect(timeline).toMatchObject({
      captured: 29,
      missing: 1,
      accounting: { delivered: 26, quarantined: 2, dropped: 0 },
    })
  })

  it('does not mark what was refused first and came right later', async () => {
    await refuse(3)
    await write(part(0, 29))
    expect((await read()).gaps).toEqual([])
  })

  it('says that events may still come while the view was heard of a moment ago', async () => {
    await write(part(0, 3), part(6, 29))
    expect(gapsOf(await read())).toEqual([[3, 5, 'not_yet']])
    expect(gapsOf(await read(now + 2 * SILENCE_MS))).toEqual([[3, 5, 'missing']])
  })

  it('believes the producer that says how many it lost', async () => {
    await write(part(0, 3), part(6, 29, { dropped: { queue_full: 3 } }))
    const timeline = await read()
    expect(gapsOf(timeline)).toEqual([[3, 5, 'dropped']])
    expect(timeline).toMatchObject({ captured: 29, missing: 0, accounting: { delivered: 26, dropped: 3 } })
  })

  it('does not guess which of several the producer lost', async () => {
    await write(part(0, 3), part(5, 8), part(9, 29, { dropped: { queue_full: 1 } }))
    const timeline = await read()
    expect(gapsOf(timeline)).toEqual([
      [3, 4, 'unclear'],
      [8, 8, 'unclear'],
    ])
    expect(timeline.missing).toBe(2)
  })

  it('knows of events behind the newest that is there', () => {
    const view = { ...foldView(flattenRecord(part(0, 29)))!, dropped: {} }
    expect(findGaps({ view }, [0, 1], view.received_at)).toMatchObject({
      gaps: [{ from_seq: 2, to_seq: 28, events: 27, why: 'not_yet' }],
      captured: 29,
      missing: 27,
    })
  })

  it('reads no loss from the numbers of CMCD, which have gaps by themselves', () => {
    const view = foldView(flattenRecord(part(0, 29)))!
    const found = { view: { ...view, sdk: { name: 'cmcd', version: '2' } } }
    expect(findGaps(found, [7_331_840_163_840_001], view.received_at)).toMatchObject({ gaps: [], missing: 0 })
  })

  it('adds up: what is captured is delivered, quarantined, reported dropped or missing', () => {
    const view = { ...foldView(flattenRecord(part(0, 29)))!, seq: 0 }
    const numbers = fc.uniqueArray(fc.nat(40), { maxLength: 40 })
    fc.assert(
      fc.property(numbers, numbers, fc.nat(3), (there, refusedSeqs, lost) => {
        const refused = refusedSeqs.map((seq) => ({
          ...{ seq, stage: 'ingest', code: 'x', path: '', message: '', received_at: 0 },
        }))
        const seqs = there.toSorted((a, b) => a - b)
        const found = { view: { ...view, dropped: { queue_full: lost } }, refused }
        const { gaps, captured, missing, accounting } = findGaps(found, seqs, 0)
        const inGaps = gaps.flatMap(({ from_seq, events }) =>
          Array.from({ length: events }, (_, at) => from_seq + at),
        )
        expect([...seqs, ...inGaps].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: captured! }, (_, seq) => seq),
        )
        const { delivered, quarantined, dropped } = accounting
        const lostOfThese = Math.min(dropped, captured! - delivered - quarantined)
        expect(delivered + quarantined + lostOfThese + missing).toBe(captured)
      }),
    )
  })

  it('says where each batch was when, and what the clocks differ by', async () => {
    now = RECEIVED + 700
    const begun = { sent_at: whole.batch.events[3]!.ts + 30 }
    const later = { sent_at: whole.batch.events[28]!.ts + 100 }
    await write(part(0, 4, begun, begun.sent_at + 5000), part(4, 29, later, later.sent_at + 5250))
    const { batches, clock_offset_ms } = await read()
    expect(clock_offset_ms).toBe(5000)
    expect(batches).toEqual([
      {
        ...{ first_seq: 0, last_seq: 3, events: 4, captured_from: 1790000000000, captured_to: 1790000001220 },
        ...{ sent_at: 1790000001250, received_at: 1790000006250, stored_at: now },
        ...{ held_ms: 30, slower_ms: 0, stored_after_ms: now - 1790000006250 },
      },
      {
        ...{
          first_seq: 4,
          last_seq: 28,
          events: 25,
          captured_from: 1790000002000,
          captured_to: 1790000036000,
        },
        ...{ sent_at: 1790000036100, received_at: 1790000041350, stored_at: now },
        ...{ held_ms: 100, slower_ms: 250, stored_after_ms: now - 1790000041350 },
      },
    ])
  })

  it('keeps what was refused and has no number', async () => {
    await write(part(0, 29))
    const rejections = [{ code: 'newer_major' as const, path: '/spec', message: 'Newer' }]
    await store.quarantine.put([{ v: 1, stage: 'ingest', received_at: now, view_id, rejections }])
    expect((await read()).refused).toMatchObject([{ seq: null, code: 'newer_major' }])
  })

  it('is there for a view of which only the record is', async () => {
    const view = foldView(flattenRecord(part(0, 29)))!
    const timeline = await readTimeline(async () => ({ view, events: [] }), view_id, now)
    expect(timeline).toMatchObject({ events: [], batches: [], captured: 29, missing: 29 })
    expect(drawTimeline(plain([]), timeline!).join('\n')).toContain('29 events not here, #0–28')
  })
})

const plain = (out: string[], err: string[] = []) => ({
  out: (line: string) => void out.push(line),
  err: (line: string) => void err.push(line),
  status: () => {},
  columns: 140,
  colors: false,
})

const run = async (args: string[], answer: (url: string) => Response | Promise<Response>) => {
  const [out, err]: [string[], string[]] = [[], []]
  const world = { env: {}, fetch: async (url: string) => answer(url), now: () => now }
  const code = await main(args, plain(out, err), world)
  return { code, text: out.join('\n'), errors: err.join('\n') }
}

describe('viewbeat-view', () => {
  it('draws a view: who, how well, its events in order, with what is missing among them', async () => {
    await write(part(0, 8, { sent_at: 1790000011100 }), part(9, 29))
    await refuse(8)
    const timeline = await read()
    const { code, text } = await run([view_id], (url) => {
      expect(url).toBe(`http://127.0.0.1:8080/api/views/${view_id}`)
      return Response.json(timeline)
    })
    expect(code).toBe(0)
    expect(text).toContain(`${view_id}  quit`)
    expect(text).toContain('content   ep-101 · Pilot · vod')
    expect(text).toContain('29 events captured = 28 delivered + 1 quarantined + 0 reported dropped')
    expect(text).toMatch(
      /^▌ +0:09\.000 +0:07\.780 +rebuffering +#6 +rebuffer_start +buffer 0 ms · cause network/m,
    )
    expect(text).toMatch(
      /#7 +rebuffer_end.*\n.*batch of 8:.*\n\n╌╌ 1 event not here, #8: in quarantine\n +ingest: too_big at \/x/,
    )
    expect(text.split('\n').every((line) => line.length <= 140)).toBe(true)
    const numbers = [...text.matchAll(/ #(\d+) {2}/g)].map(([, seq]) => Number(seq))
    expect(numbers).toEqual(whole.batch.events.map(({ seq }) => seq).filter((seq) => seq !== 8))
  })

  it('draws nothing that moves a cursor, whatever a sender put into an event', async () => {
    const odd = { ...whole.batch.events[16]!, name: '\u001b[2Jhello\u202e', ts: Number.MAX_SAFE_INTEGER }
    const context = { ...whole.batch.context, content: { id: 'x\u0007y' } }
    await write(
      part(0, 16),
      part(16, 17, { events: [odd as never], context, sent_at: Number.MAX_SAFE_INTEGER }),
    )
    const { text } = await run([view_id], async () => Response.json(await read()))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(text).toContain('name ·[2Jhello·')
  })

  it('answers in JSON', async () => {
    await write(part(0, 29))
    const timeline = await read()
    const { text } = await run([view_id, '--json'], () => Response.json(timeline))
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(timeline)))
  })

  it.each([
    ['no such view', () => new Response('{}', { status: 404 }), 1, 'no such view'],
    ['another server', () => Response.json({ hello: 1 }), 2, 'is no Viewbeat pipeline'],
    ['a fault', () => new Response('', { status: 500 }), 2, 'answers 500'],
    ['nothing', () => Promise.reject(new TypeError('fetch failed')), 2, 'is npm start running?'],
  ])('says what it is when there is %s', async (_, answer, code, message) => {
    const result = await run([view_id], answer)
    expect(result.code).toBe(code)
    expect(result.errors).toContain(message)
  })

  it('asks for nothing that is no id', async () => {
    const { code, errors } = await run(['../keys'], () => Promise.reject(new Error('asked')))
    expect(code).toBe(2)
    expect(errors).toContain('expected the id of a view')
  })
})

describe('the function for one view', () => {
  const faults: string[] = []
  const ask = (
    question: Parameters<ReturnType<typeof createViewFunction>>[0],
    find: FindView = store.readView,
  ) => createViewFunction({ find, now: () => now, onFault: ({ message }) => faults.push(message) })(question)
  const get = (rawPath: string, method = 'GET') =>
    ({ rawPath, requestContext: { http: { method } } }) as Parameters<typeof ask>[0]

  it('answers by a function URL and when it is invoked', async () => {
    await write(part(0, 29))
    for (const question of [get(`/views/${view_id}`), get(`/stage/views/${view_id}/`), { view_id }]) {
      const { statusCode, headers, body } = await ask(question)
      expect(statusCode).toBe(200)
      expect(headers['content-type']).toBe('application/json')
      expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(await read())))
    }
  })

  it.each([
    [404, { view_id: '01K5M0PV40ZZZZZZZZZZZZZZZ0' }],
    [400, { view_id: 'x' }],
    [400, { view_id: ['01K5M0PV40ZZZZZZZZZZZZZZZ0'] }],
    [400, {}],
    [400, get('/views/..%2f_search')],
    [400, get('/')],
    [405, get(`/views/${view_id}`, 'DELETE')],
  ])('answers %i to %j', async (status, question) => {
    const { statusCode, body } = await ask(question)
    expect(statusCode).toBe(status)
    expect(JSON.parse(body)).toEqual({ message: expect.any(String) })
  })

  it('answers 503 when the store does not answer, and says why to the log alone', async () => {
    const { statusCode, body } = await ask({ view_id }, async () => {
      throw new Error('search is down')
    })
    expect([statusCode, body.includes('down')]).toEqual([503, false])
    expect(faults).toContain('search is down')
  })

  it('leaves out what all events repeat where a view is too long for an answer', async () => {
    const [first] = flattenRecord(whole)
    const times = (length: number): Found => {
      const events = Array.from({ length }, (_, seq) => ({ ...first!, seq }))
      return { view: closeIfSilent(foldView(flattenRecord(whole))!, now), events }
    }
    const long = await ask({ view_id }, async () => times(8000))
    expect(long.statusCode).toBe(200)
    expect(Buffer.byteLength(long.body)).toBeLessThan(4 * 1024 * 1024)
    expect(JSON.parse(long.body).events[7999]).toMatchObject({ seq: 7999, type: 'view_start' })
    expect((await ask({ view_id }, async () => times(40_000))).statusCode).toBe(413)
  })
})
