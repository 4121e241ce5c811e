import { readdirSync, readFileSync } from 'node:fs'
import { decodeCmcd } from '@svta/cml-cmcd'
import { describe, expect, it } from 'vitest'
import examples from '../../vectors/cmcd/cta-5004-b.json' with { type: 'json' }
import type { Batch } from '../batch.ts'
import { WIRE_VERSION } from '../limits.ts'
import { parseCmcd } from './parseCmcd.ts'
import { readRecord } from './readRecord.ts'
import { toCmcd } from './toCmcd.ts'

const folder = new URL('../../vectors/cmcd/', import.meta.url)
/** What players really posted from a browser: see scripts/recordCmcd.mjs. */
const recordings = readdirSync(folder)
  .filter((name) => name !== 'cta-5004-b.json')
  .map((name) => {
    const { requests } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
      requests: { content_type: string; body: string }[]
    }
    return { name: name.replace('.json', ''), bodies: requests.map(({ body }) => body) }
  })
const linesOf = (bodies: string[]) => bodies.flatMap((body) => body.split('\n')).filter((line) => line !== '')

const eventsOf = (body: string) => parseCmcd(body).batches.flatMap(({ events }) => events)
const record = (...more: string[]) => ['e=t,sid="s",ts=1764752400000,v=2', ...more].join(',')
const one = (...more: string[]) => {
  const events = eventsOf(record(...more))
  expect(events).toHaveLength(1)
  return events[0]!
}

/** The oracle's values in the form of ours: lists of a value and its object type, tokens as strings. */
const fromOracle = (line: string) => {
  const lists = new Set('ab bl br bsa bsd bsda lab lb mtp pb tab tb tbl tpb ec nor'.split(' '))
  return Object.fromEntries(
    Object.entries(decodeCmcd(line) as Record<string, unknown>).map(([key, value]) => {
      if (!lists.has(key)) return [key, String(value)]
      const items = [value].flat() as (number | string | { value: unknown; params: object })[]
      return [
        key,
        items.map((item) =>
          typeof item === 'object' ? [String(item.value), ...Object.keys(item.params ?? {})] : [String(item)],
        ),
      ]
    }),
  )
}

const fromOurs = (line: string) => {
  const { keys, custom } = readRecord(line)!
  return Object.fromEntries(
    [...keys, ...custom].map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(([item, ...type]) => [String(item), ...type]) : String(value),
    ]),
  )
}

describe('a line of CMCD', () => {
  const sources = [
    { name: 'CTA-5004-B', lines: examples.flatMap(({ body }) => body.split('\n')) },
    ...recordings.map(({ name, bodies }) => ({ name, lines: linesOf(bodies) })),
  ]
  it.each(sources)('is read as the SVTA library reads it: all of $name', ({ lines }) => {
    for (const line of lines) {
      const { nrr, cdn, ...known } = fromOracle(line)
      expect(fromOurs(line), line).toEqual(known)
    }
  })

  it('may have characters beyond ASCII, escapes and blanks around commas', () => {
    const { keys } = readRecord('cid="Té 100% \\"é\\"" , e=t ,ec=("a, b" "c"),v=2')!
    expect(Object.fromEntries(keys)).toEqual({ cid: 'Té 100% "é"', e: 't', ec: [['a, b'], ['c']], v: 2 })
  })

  it('loses unknown keys and values of the wrong kind, and nothing else', () => {
    const { keys, custom } = readRecord(
      'zz=1,sid=token,ts="1",e="t",v=2,bl=(1 "x" 3;v),com.example-a=1,com.example-b=x',
    )!
    expect(Object.fromEntries(keys)).toEqual({ v: 2, bl: [[1], [3, 'v']] })
    expect(Object.fromEntries(custom)).toEqual({ 'com.example-b': 'x' })
  })

  it.each(['', 'E=t', 'e=t,,v=2', 'e=t,', 'pr=2.', 'sid="open', '\u0000', 'ec=("a"'])(
    'is refused when it is no dictionary: %j',
    (line) => {
      const { keys } = readRecord(line) ?? {}
      expect(keys?.size ?? 0).toBe(0)
    },
  )
})

describe('parseCmcd', () => {
  it.each(examples.filter(({ mode }) => mode === 'event'))(
    'reads the example $name of CTA-5004-B',
    ({ body, events, rejected }) => {
      const parsed = parseCmcd(body)
      expect(parsed.batches.flatMap((batch) => batch.events.map(({ type }) => type))).toEqual(events)
      expect(parsed.rejected).toMatchObject(rejected!)
      expect(events!.length + rejected!.length).toBe(body.split('\n').length)
    },
  )

  it.each(recordings)(
    'makes one event of each line that $name sends, or says why not',
    ({ name, bodies }) => {
      const lines = linesOf(bodies)
      const read = bodies.map(parseCmcd)
      const events = read.flatMap(({ batches }) => batches.flatMap((batch) => batch.events))
      const rejected = read.flatMap((parsed) => parsed.rejected)
      expect(events.length + rejected.length).toBe(lines.length)
      expect(new Set(events.map(({ seq }) => seq)).size).toBe(events.length)
      // With its own defaults dash.js 5.2.1 sends neither session nor state.
      const nameless = name === 'dashjs-5.2.1-batched' ? lines.length : 0
      expect(rejected.filter(({ path }) => path === '/sid')).toHaveLength(nameless)
      expect(rejected).toHaveLength(nameless)
    },
  )

  it('has every kind of event that hls.js reports', () => {
    const { bodies } = recordings.find(({ name }) => name === 'hls.js-1.7.4')!
    const types = new Set(eventsOf(linesOf(bodies).join('\n')).map(({ type }) => type))
    expect([...types].sort()).toEqual(
      'custom heartbeat pause play_request playing rate_change rebuffer_start request seek_start view_start'.split(
        ' ',
      ),
    )
  })

  it.each(recordings)(
    'numbers what $name sends the same in whatever body it comes, first or again',
    ({ bodies }) => {
      const lines = linesOf(bodies)
      const seqsOf = (body: string) => eventsOf(body).map(({ seq }) => seq)
      expect(seqsOf(lines.join('\n'))).toEqual(lines.flatMap(seqsOf))
    },
  )

  it('takes a session that is named after a view of ours as that view, from its begin', () => {
    const line = 'e=t,sid="01ARZ3NDEKTSV4RRFFQ69G5FAV",sta=p,ts=1469922855259,v=2'
    const [batch] = parseCmcd(line).batches
    expect(batch).toMatchObject({ view_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', events: [{ t_ms: 5000 }] })
    expect(batch!.events[0]).not.toHaveProperty('ext')
  })

  it('gives every other session a view of its own, the same in each body', () => {
    const viewOf = (sid: string) => parseCmcd(`e=t,sid="${sid}",ts=1,v=2`).batches[0]!.view_id
    expect(viewOf('6e2fb550-c457-11e9-bb97-0800200c9a66')).toBe('3E5YTN1H2Q27MVQ5R800G0S6K6')
    expect(viewOf('session-1')).toBe(viewOf('session-1'))
    expect(viewOf('session-1')).not.toBe(viewOf('session-2'))
  })

  it('refuses a version newer than it knows, and takes the lines around it', () => {
    const body = ['e=t,sid="s",sn=0,ts=1,v=2', 'e=zz,sid="s",v=3', 'e=t,sid="s",sn=1,ts=2,v=2'].join('\n')
    const { batches, rejected } = parseCmcd(body)
    expect(batches[0]!.events).toHaveLength(2)
    expect(rejected).toMatchObject([{ index: 1, code: 'newer_major', path: '/v' }])
  })

  it.each([
    ['ts', 'e=t,sid="s",v=2', '/ts'],
    ['e', 'sid="s",ts=1,v=2', '/e'],
    ['sid', 'e=t,ts=1,v=2', '/sid'],
    ['v', 'e=t,sid="s",ts=1', '/v'],
  ])('says that %s is missing', (_, line, path) => {
    expect(parseCmcd(line).rejected).toMatchObject([{ index: 0, code: 'missing', path }])
  })

  it('says what it assumed where a record does not say it', () => {
    expect(one()).toMatchObject({
      state: 'playing',
      ext: { 'org.svta.cmcd': { assumed: ['state', 't_ms'] } },
    })
    expect(one('sta=a')).toMatchObject({ state: 'paused', ext: { 'org.svta.cmcd': { assumed: ['t_ms'] } } })
  })

  it('keeps what has no field of ours, and custom keys under their own names', () => {
    expect(one('dl=1000,com.example-tier="gold",tbl=(5000;v)').ext).toMatchObject({
      'com.example-tier': 'gold',
      'org.svta.cmcd': { dl: 1000, tbl: [[5000, 'v']] },
    })
  })

  it('keeps of an address only the host', () => {
    const url = 'https://user:pw@cdn.example:8443/a/b.m4s?token=secret#x'
    const text = JSON.stringify(
      eventsOf(`e=rr,rc=200,sid="s",ts=1,url="${url}",nor=("b.m4s?token=secret"),v=2`),
    )
    expect(text).toContain('"host":"cdn.example:8443"')
    expect(text).not.toMatch(/secret|pw|b\.m4s/)
  })

  it('leaves out the longest of what is too much, and says so', () => {
    const event = one(`smrt="${'x'.repeat(2000)}",cs="kept",cmsds="${'y'.repeat(500)}"`)
    expect(event.ext).toMatchObject({ 'org.svta.cmcd': { cs: 'kept', omitted: ['smrt'] } })
  })

  it('believes no first byte that comes after the last', () => {
    const [event] = eventsOf('e=rr,rc=200,sid="s",ts=1795336622549,ttfb=1795336622498,ttlb=13,v=2')
    expect(event).toMatchObject({ type: 'request', duration_ms: 13 })
    expect(event).not.toHaveProperty('ttfb_ms')
  })

  it('numbers two records of one moment apart, and counts a copy as a copy', () => {
    const lines = Array.from({ length: 500 }, (_, n) => `e=t,sid="s",sn=${n},ts=${1764752400000 + n},v=2`)
    const { batches, rejected } = parseCmcd(
      [...lines, 'e=ps,sid="s",sn=0,sta=p,ts=1764752400000,v=2', lines[0]!].join('\n'),
    )
    const seqs = batches.flatMap(({ events }) => events.map(({ seq }) => seq))
    expect(new Set(seqs).size).toBe(501)
    expect(seqs).toHaveLength(501)
    expect(rejected).toMatchObject([{ index: 501, code: 'duplicate_seq' }])
  })

  it.each([
    ['a stream type of the prototype', 'st=constructor'],
    ['a format of the prototype', 'sf=constructor'],
    ['a host with a blank', 'h="cdn example"'],
    ['an id that is too long', `cid="${'x'.repeat(300)}"`],
    ['a custom key that is too long', `com.example-${'x'.repeat(80)}="1"`],
    ['an object type of the prototype', 'e=rr,ot=constructor'],
    ['a name that is too long', `e=ce,cen="${'x'.repeat(90)}"`],
  ])('loses one bad value and not its record: %s', (_, member) => {
    const { batches, rejected } = parseCmcd(`${record()}\n${record('sn=1', member)}`)
    expect(rejected).toEqual([])
    expect(batches[0]!.events).toHaveLength(2)
  })

  it('keeps what a field of ours holds only in part', () => {
    const [event] = eventsOf('bl=(2000;v 900;a),e=ps,sid="s",sta=w,ts=1,v=2')
    expect(event!.ext).toMatchObject({
      'org.svta.cmcd': {
        sta: 'w',
        bl: [
          [2000, 'v'],
          [900, 'a'],
        ],
      },
    })
    const body = 'cid="film",e=t,sid="s",ts=1,v=2\ncid="ad1",e=sk,sid="s",ts=2,v=2'
    expect(eventsOf(body)[1]!.ext).toMatchObject({ 'org.svta.cmcd': { cid: 'ad1' } })
    expect(eventsOf(`e=ce,cen="${'n'.repeat(80)}",sid="s",ts=1,v=2`)[0]!.ext).toMatchObject({
      'org.svta.cmcd': { cen: 'n'.repeat(80) },
    })
    expect(eventsOf(`e=e,ec=("${'c'.repeat(80)}"),sid="s",ts=1,v=2`)[0]!.ext).toMatchObject({
      'org.svta.cmcd': { ec: [['c'.repeat(80)]] },
    })
    expect(eventsOf(`cid="${'i'.repeat(200)}",e=as,sid="s",ts=1,v=2`)[0]!.ext).toMatchObject({
      'org.svta.cmcd': { cid: 'i'.repeat(200) },
    })
    expect(eventsOf('e=rr,ot=tt,rc=200,sid="s",ts=1,v=2')[0]!.ext).toMatchObject({
      'org.svta.cmcd': { ot: 'tt' },
    })
    expect(one('ltc=-20').ext).toMatchObject({ 'org.svta.cmcd': { ltc: -20 } })
  })

  it.each([
    ['h="https://cdn.example/secret/token"', 'cdn.example'],
    ['url="https://user:p@secret@cdn.example/x"', 'cdn.example'],
    ['url="https://cdn.example\\\\secret\\\\t"', 'cdn.example'],
  ])('keeps only the host of %s', (member, host) => {
    const { batches } = parseCmcd(`e=rr,rc=200,sid="s",ts=1,v=2,${member}`)
    expect(batches[0]).toMatchObject({ context: { source: { host } }, events: [{ host }] })
    expect(JSON.stringify(batches)).not.toContain('secret')
  })

  it('takes a line of many keys, a list of many values, or many records of one number in a moment', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `a-${n}=x`).join(',')
    expect(one(many).ext).toMatchObject({ 'org.svta.cmcd': { assumed: ['state', 't_ms'] } })
    expect(eventsOf(record(`bl=(${'1 '.repeat(100_000)}1)`))).toHaveLength(1)
    const crowd = Array.from({ length: 20_000 }, (_, n) => record('sn=0', `dl=${n}`))
    expect(new Set(eventsOf(crowd.join('\n')).map(({ seq }) => seq)).size).toBe(20_000)
  })

  it('answers for any text without throwing', () => {
    for (const body of [
      '',
      '\n\n',
      '{"a":1}',
      'x'.repeat(100_000),
      'e=t,'.repeat(10_000),
      '((((((',
      '%E0%A4%A',
    ])
      expect(parseCmcd(body).batches).toEqual([])
  })
})

describe('toCmcd', () => {
  const batchOf = (event: object, source = {}) =>
    ({
      spec: WIRE_VERSION,
      view_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      context: { content: { id: 'c' }, source },
      events: [{ seq: 0, ts: 1, t_ms: 0, playhead_ms: null, state: 'playing', ...event }],
    }) as unknown as Batch

  it.each([
    ['an end by another source', { type: 'view_end', reason: 'source_change', totals: {} }, ['reason']],
    ['an object of another kind', { type: 'request', object: 'thumbnail', outcome: 'ok' }, ['object']],
    ['a canceled request', { type: 'request', object: 'video', outcome: 'canceled' }, ['outcome']],
    ['a stall cut short', { type: 'rebuffer_end', duration_ms: 1, ended_by: 'exit' }, ['ended_by']],
  ])('says what is lost of %s', (_, event, lost) => {
    expect(toCmcd(batchOf(event))[0]!.lost).toEqual(lost)
  })

  it.each([
    [{ type: 'request', object: 'constructor', outcome: 'ok' }],
    [{ type: 'playing', ext: { 'org.svta.cmcd': { bl: [5], ot: 'a b' }, 'com.example-x': 'é"\n' } }],
    [{ type: 'rate_change', rate: 1e300 }],
  ])('says what it can of %j', (event) => {
    const [said] = toCmcd(batchOf(event, { format: 'constructor' }))
    expect(parseCmcd(said!.line!).rejected).toEqual([])
  })

  it.each(recordings)('says again what $name said', ({ bodies }) => {
    const { batches } = parseCmcd(linesOf(bodies).join('\n'))
    const lines = batches.flatMap(toCmcd)
    const again = parseCmcd(lines.map(({ line }) => line).join('\n'))
    expect(again.rejected).toEqual([])
    const typesAndTimes = (all: Batch[]) =>
      all.flatMap(({ events }) => events.map(({ type, ts }) => `${ts} ${type}`))
    const ofPlayers = (said: string) => !said.endsWith('custom') && !said.endsWith('player_change')
    expect(typesAndTimes(again.batches).filter(ofPlayers)).toEqual(typesAndTimes(batches).filter(ofPlayers))
  })
})
