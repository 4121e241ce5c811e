import { gzipSync } from 'node:zlib'
import {
  type Batch,
  decodeRecord,
  MAX_BODY_BYTES,
  parseBatch,
  type QuarantineEntry,
  type StreamRecord,
  WIRE_VERSION,
} from '@viewbeat/schema'
import { beforeEach, describe, expect, it } from 'vitest'
import everyType from '../../schema/vectors/1.0/valid/every-type.json' with { type: 'json' }
import minimal from '../../schema/vectors/1.0/valid/minimal.json' with { type: 'json' }
import unknownKept from '../../schema/vectors/1.0/valid/unknown-kept.json' with { type: 'json' }
import { gatewayEvent } from '../test/gatewayEvent.ts'
import type { PutResult } from './aws/putInCalls.ts'
import { createHandler, type IngestDependencies } from './createHandler.ts'
import { UnavailableError } from './errors.ts'
import { createKeySource } from './keys/createKeySource.ts'
import { readKeyBook } from './keys/keyBook.ts'
import type { RequestFacts } from './observe/observer.ts'
import type { OutgoingRecord } from './records/toRecord.ts'
import { readCmcd } from './request/readCmcd.ts'
import type { Receipt } from './response/toResponse.ts'

const NOW = 1790000040000

let records: StreamRecord[]
let quarantined: QuarantineEntry[]
let seen: RequestFacts[]

const { keys: KEYS } = readKeyBook({
  pk_demo: { publisher: 'demo', origins: ['*'] },
  pk_site: { publisher: 'site', origins: ['https://*.site.example', 'http://localhost:*'] },
  pk_off: { publisher: 'off', origins: ['*'], state: 'off' },
  pk_gone: { publisher: 'gone', origins: ['*'], state: 'gone' },
  pk_broken: { publisher: 'broken' },
  pk_small: { publisher: 'small', origins: ['*'], quota_events_per_s: 10 },
  pk_half: { publisher: 'half', origins: ['*'], sample_rate: 0.5 },
})!

const build = (instead: Partial<IngestDependencies> = {}) =>
  createHandler({
    keys: () => KEYS,
    putRecords: async (outgoing) => {
      for (const { data, partitionKey } of outgoing) {
        const decoded = decodeRecord(data)
        if (!decoded.ok) throw new Error('not a record')
        expect(partitionKey).toBe(decoded.record.batch.view_id)
        records.push(decoded.record)
      }
      return { left: [], retried: 0 }
    },
    quarantine: {
      put: async (entries) => {
        quarantined.push(...entries)
      },
    },
    now: () => NOW,
    observer: { answered: (facts) => seen.push(facts), keysInTrouble: () => {} },
    ...instead,
  })

const streamDown: IngestDependencies['putRecords'] = async (records) => ({
  left: [...records],
  retried: 5,
  cause: new Error('stream down'),
})

const post = async (event: Parameters<typeof gatewayEvent>[0], handler = build()) => {
  const answer = await handler(gatewayEvent(event))
  return { ...answer, receipt: JSON.parse(answer.body ?? '{}') as Receipt & { message?: string } }
}

const text = JSON.stringify(everyType)
const EVENTS = everyType.events.length
/** What becomes of it: brought to the newest minor. */
const newest = (parseBatch(structuredClone(everyType)) as { batch: Batch }).batch

beforeEach(() => {
  records = []
  quarantined = []
  seen = []
})

describe('a body', () => {
  it.each([
    ['text', { body: text }],
    ['text as base64', { body: text, base64: true }],
    ['gzip as base64', { body: gzipSync(text), base64: true }],
    ['pretty-printed JSON', { body: JSON.stringify(everyType, null, 2) }],
    ['one line of NDJSON', { body: `${text}\n` }],
  ])('of %s gives the same record', async (_, event) => {
    const answer = await post(event)
    expect(answer.statusCode).toBe(202)
    expect(answer.receipt).toEqual({ accepted: EVENTS, rejected: [] })
    expect(records).toEqual([
      { v: 1, received_at: NOW, publisher: 'demo', client: { ip_prefix: '192.0.2.0/24' }, batch: newest },
    ])
    expect(newest).toMatchObject({ spec: WIRE_VERSION, upcast_from: '1.0' })
  })

  it('of several lines becomes a record for each', async () => {
    const answer = await post({ body: `${text}\n\n${JSON.stringify(minimal)}\n` })
    expect(answer.receipt.accepted).toBe(EVENTS + 1)
    expect(records.map(({ batch }) => batch.events.length)).toEqual([EVENTS, 1])
  })

  it('loses only the line that is unreadable, which goes to quarantine', async () => {
    const answer = await post({ body: `${text}\n{"half":\n${JSON.stringify(minimal)}` })
    expect(answer.receipt).toMatchObject({
      accepted: EVENTS + 1,
      rejected: [{ batch: 1, index: null, seq: null, code: 'unreadable' }],
    })
    expect(quarantined).toMatchObject([{ body_base64: Buffer.from('{"half":').toString('base64') }])
  })

  it('that holds a line of bytes that are no UTF-8 keeps those bytes', async () => {
    const line = Buffer.from([0x7b, 0xff, 0xfe, 0xc3])
    const lines = [
      Buffer.from(`\n${text}`),
      line,
      Buffer.from([0xe2, 0x82]),
      Buffer.from(JSON.stringify(minimal)),
    ]
    const body = Buffer.concat(lines.flatMap((part) => [part, Buffer.from('\r\n')]))
    const answer = await post({ body, base64: true })
    expect(answer.receipt).toMatchObject({ accepted: EVENTS + 1, rejected: [{ batch: 2 }, { batch: 3 }] })
    expect(quarantined.map(({ body_base64 }) => Buffer.from(body_base64!, 'base64'))).toEqual(
      lines.slice(1, 3),
    )
  })

  it('of CMCD says of what is refused the line that it begins with', async () => {
    const record = (sid: string, cid: string) => `cid="${cid}",e=t,sid="${sid}",sn=1,ts=1790000040000,v=2`
    const lines = [record('a', 'x'), 'v=2,e=t', '', record('b', 'y'), record('a', 'z')]
    const answer = await post({ path: '/v1/cmcd', body: lines.join('\n') })
    expect(answer.receipt.rejected.map(({ batch, code }) => [batch, code])).toEqual([[1, 'missing']])
    expect(readCmcd(lines.join('\n'), () => Buffer.alloc(0))!.map(({ index, ok }) => [index, ok])).toEqual([
      [0, true],
      [3, true],
      [1, false],
    ])
  })

  it.each([
    ['is not JSON', { body: 'hello' }, 'hello'],
    ['is truncated gzip', { body: gzipSync(text).subarray(0, 50), base64: true }, undefined],
    ['is several lines of nothing', { body: 'a\nb' }, 'a\nb'],
    ['is empty', {}, ''],
  ])('that %s is answered 400 and kept', async (_, event, kept) => {
    expect(await post(event)).toMatchObject({ statusCode: 400 })
    expect(quarantined).toHaveLength(1)
    expect(quarantined[0]).toMatchObject({ publisher: 'demo', rejections: [{ code: 'unreadable' }] })
    if (kept !== undefined) expect(Buffer.from(quarantined[0]!.body_base64!, 'base64').toString()).toBe(kept)
  })

  it.each([
    ['plain', { body: 'x'.repeat(MAX_BODY_BYTES + 1) }],
    ['base64', { body: 'x'.repeat(MAX_BODY_BYTES + 1), base64: true }],
    ['gzip that inflates to 64 MiB', { body: gzipSync(Buffer.alloc(64 << 20)), base64: true }],
  ])('that is too large as %s is answered 413', async (_, event) => {
    expect((await post(event)).statusCode).toBe(413)
    expect(records).toEqual([])
  })
})

describe('a batch', () => {
  const withOneBad = structuredClone(everyType)
  withOneBad.events = withOneBad.events.slice(0, 5)
  withOneBad.events[2]!.t_ms = -1

  it('with one bad event of five is taken but for that one', async () => {
    const answer = await post({ body: JSON.stringify(withOneBad) })
    expect(answer.statusCode).toBe(202)
    expect(answer.receipt).toEqual({
      accepted: 4,
      rejected: [
        {
          batch: 0,
          index: 2,
          seq: 2,
          code: 'too_small',
          path: '/events/2/t_ms',
          message: expect.any(String),
        },
      ],
    })
    expect(records[0]!.batch.events.map(({ seq }) => seq)).toEqual([0, 1, 3, 4])
  })

  it('leaves its bad event in quarantine, with the reason and all that is needed to send it again', async () => {
    await post({ body: JSON.stringify(withOneBad) })
    expect(quarantined).toMatchObject([
      {
        stage: 'ingest',
        publisher: 'demo',
        received_at: NOW,
        view_id: everyType.view_id,
        rejections: [{ code: 'too_small', path: '/events/2/t_ms' }],
        batch: { view_id: everyType.view_id, context: everyType.context, events: [withOneBad.events[2]] },
      },
    ])
  })

  it('with an event nested beyond the stack is taken but for that one, kept as the bytes that came', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const body = text.replace('"fullscreen":true', `"fullscreen":true,"deep":${deep}`)
    expect(await post({ body })).toMatchObject({
      statusCode: 202,
      receipt: { accepted: EVENTS - 1, rejected: [{ code: 'too_deep', seq: 4 }] },
    })
    expect(Buffer.from(quarantined[0]!.body_base64!, 'base64').toString()).toBe(body)
  })

  it('of nothing but rubbish has a short answer that says how much it leaves out', async () => {
    const line = JSON.stringify({ ...everyType, events: Array(500).fill({}) })
    const answer = await post({ body: Array(50).fill(line).join('\n') })
    expect(answer.receipt).toMatchObject({ accepted: 0, omitted: 24_500 })
    expect(answer.receipt.rejected).toHaveLength(500)
    expect(new Set(quarantined.map(({ rejections }) => rejections.length))).toEqual(new Set([20]))
  })

  it('that is refused as a whole says which events went with it', async () => {
    await post({ body: JSON.stringify({ ...everyType, visit_id: 'x' }) })
    expect(quarantined[0]).toMatchObject({
      view_id: everyType.view_id,
      seqs: everyType.events.map(({ seq }) => seq),
    })
  })

  it('with types and fields of a newer minor is taken, and they are counted', async () => {
    await post({ body: JSON.stringify(unknownKept) })
    expect(seen).toMatchObject([{ accepted: 2, unknownEvents: 1, unknownFields: 2 }])
  })

  it('of a newer major is kept whole and answered 202 with nothing accepted', async () => {
    const body = JSON.stringify({ ...everyType, spec: '2.0' })
    const answer = await post({ body })
    expect(answer).toMatchObject({
      statusCode: 202,
      receipt: { accepted: 0, rejected: [{ code: 'newer_major' }] },
    })
    expect(Buffer.from(quarantined[0]!.body_base64!, 'base64').toString()).toBe(body)
    expect(records).toEqual([])
  })

  it('of a newer minor is taken as it is, with what is unknown', async () => {
    const tomorrow = { ...minimal, spec: '1.999', a_field_of_tomorrow: 1 }
    expect((await post({ body: JSON.stringify(tomorrow) })).receipt).toEqual({ accepted: 1, rejected: [] })
    expect(records[0]?.batch).toEqual(tomorrow)
  })

  it('of a retired major is answered 410, and kept: nothing is lost unseen', async () => {
    const old = JSON.stringify({ ...everyType, spec: '0.9' })
    const answer = await post({ body: `${old}\n${old}` })
    expect(answer.statusCode).toBe(410)
    expect(quarantined).toMatchObject([
      { rejections: [{ code: 'retired_major' }], seqs: everyType.events.map(({ seq }) => seq) },
      { rejections: [{ code: 'retired_major' }] },
    ])
    expect(records).toEqual([])
  })

  it('of a retired major does not stop what comes with it', async () => {
    const old = JSON.stringify({ ...everyType, spec: '0.9' })
    const answer = await post({ body: `${old}\n${text}` })
    expect(answer).toMatchObject({ statusCode: 202, receipt: { accepted: EVENTS } })
  })

  it('whose record would be over the limit of the stream is kept aside, not retried for ever', async () => {
    const numbers = `[${Array(100_000).fill('1e20')}]`
    const answer = await post({ body: text.replace('{"n":2}', numbers) })
    expect(answer).toMatchObject({
      statusCode: 202,
      receipt: { accepted: 0, rejected: [{ code: 'record_too_large' }] },
    })
    expect(quarantined).toHaveLength(1)
    expect(records).toEqual([])
  })
})

describe('a key', () => {
  it.each([
    ['missing', null, 403],
    ['unknown', 'pk_other', 403],
    ['of the prototype', '__proto__', 403],
    ['switched off', 'pk_off', 403],
    ['switched off for good', 'pk_gone', 410],
  ])('that is %s is refused, and nothing is stored', async (_, key, status) => {
    expect((await post({ key, body: text })).statusCode).toBe(status)
    expect([records, quarantined]).toEqual([[], []])
  })

  it('that is switched off in the document is refused within one refresh, without a call to the stream', async () => {
    let now = NOW
    let state = 'on'
    let calls = 0
    const handler = build({
      now: () => now,
      keys: createKeySource({
        load: async () => ({ pk_demo: { publisher: 'demo', origins: ['*'], state } }),
        refresh_ms: 60_000,
        now: () => now,
        onTrouble: () => {},
      }),
      putRecords: async () => {
        calls++
        return { left: [], retried: 0 }
      },
    })
    expect((await post({ body: text }, handler)).statusCode).toBe(202)
    state = 'off'
    now += 60_000
    expect((await post({ body: text }, handler)).statusCode).toBe(403)
    expect(calls).toBe(1)
  })

  it('takes batches from its origins only', async () => {
    const from = (origin: string) => post({ key: 'pk_site', body: text, headers: { origin } })
    expect((await from('https://other.example')).statusCode).toBe(403)
    expect((await from('https://site.example.evil.example')).statusCode).toBe(403)
    expect((await from('https://tv.site.example')).statusCode).toBe(202)
    expect((await from('http://localhost:3000')).statusCode).toBe(202)
    expect(records.map(({ publisher }) => publisher)).toEqual(['site', 'site'])
  })

  it('whose settings cannot be read is answered 503, so that its senders keep what they have', async () => {
    expect(await post({ key: 'pk_broken', body: text })).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '5' },
    })
  })

  it('over its quota is answered 429 until the quota refills, and no other key is', async () => {
    let now = NOW
    const handler = build({ now: () => now })
    const statuses = async (key: string, times: number) => {
      const answers = []
      for (let time = 0; time < times; time++)
        answers.push((await post({ key, body: text }, handler)).statusCode)
      return answers
    }
    // 10 events a second, five seconds' worth at once; the last batch may leave it in debt.
    const first = await statuses('pk_small', Math.ceil((10 * 10 * 5) / EVENTS))
    const taken = first.filter((status) => status === 202).length
    expect(taken).toBe(Math.ceil(50 / EVENTS))
    expect(first.slice(taken)).toEqual(first.slice(taken).map(() => 429))
    expect(await statuses('pk_demo', 2)).toEqual([202, 202])
    now += 10_000
    expect(await statuses('pk_small', 1)).toEqual([202])
  })

  it('over its quota with nothing but garbage is answered 429, and quarantine does not grow', async () => {
    const handler = build()
    for (let time = 0; time < 100; time++) await post({ key: 'pk_small', body: 'garbage' }, handler)
    expect((await post({ key: 'pk_small', body: text }, handler)).statusCode).toBe(429)
    expect(quarantined).toHaveLength(50)
  })

  it('that samples keeps whole views, and stores the rate with them', async () => {
    const bodies = Array.from({ length: 200 }, (_, index) => ({
      ...minimal,
      view_id: `01ARZ3NDEKTSV4RRFFQ69G5${String(index).padStart(3, '0')}`,
      context: { ...minimal.context, sample_rate: 0.1 },
    }))
    const send = async () => {
      const answers = []
      for (const body of bodies)
        answers.push((await post({ key: 'pk_half', body: JSON.stringify(body) })).receipt)
      return answers
    }
    const answers = await send()
    const kept = records.map(({ batch }) => batch.view_id)
    expect(kept.length).toBeGreaterThan(70)
    expect(kept.length).toBeLessThan(130)
    expect(answers.reduce((sum, { sampled_out = 0 }) => sum + sampled_out, 0)).toBe(200 - kept.length)
    expect(new Set(records.map(({ batch }) => batch.context.sample_rate))).toEqual(new Set([0.05]))
    await send()
    expect(records.slice(kept.length).map(({ batch }) => batch.view_id)).toEqual(kept)
  })
})

describe('an answer', () => {
  it.each([
    ['202', { body: text }, 202],
    ['400', { body: 'x' }, 400],
    ['403', { key: null }, 403],
    ['404', { path: '/v1/other' }, 404],
    ['405', { method: 'PUT' }, 405],
    ['413', { body: 'x'.repeat(MAX_BODY_BYTES + 1) }, 413],
    ['OPTIONS', { method: 'OPTIONS' }, 204],
    ['health', { method: 'GET', path: '/v1/health' }, 200],
  ])('of %s has CORS headers', async (_, event, status) => {
    const answer = await post(event)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*' })
  })

  it('is 503 with Retry-After when the stream does not take the records', async () => {
    const handler = build({ putRecords: streamDown })
    const answer = await post({ body: text }, handler)
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } })
    expect(seen).toMatchObject([{ status: 503, failed: ['stream'], reason: 'stream down', accepted: 0 }])
  })

  it('is 202 when the stream does not take the records and the spill does', async () => {
    const spilled: string[] = []
    const spill = async (left: readonly OutgoingRecord[]) => {
      spilled.push(...left.map(({ partitionKey }) => partitionKey))
    }
    const answer = await post({ body: text }, build({ putRecords: streamDown, spill }))
    expect(answer).toMatchObject({ statusCode: 202, receipt: { accepted: EVENTS } })
    expect(spilled).toEqual([everyType.view_id])
    expect(seen).toMatchObject([{ spilled: 1, failed: ['stream'] }])
  })

  it('is 503 when the spill fails too', async () => {
    const spill = () => Promise.reject(new Error('no such bucket'))
    const answer = await post({ body: text }, build({ putRecords: streamDown, spill }))
    expect(answer.statusCode).toBe(503)
    expect(seen).toMatchObject([
      { failed: ['stream', 'spill'], reason: 'stream down; spill: no such bucket' },
    ])
  })

  it('is 503 while no keys were ever read', async () => {
    const handler = build({ keys: () => Promise.reject(new Error('ssm answered 500')) })
    expect((await post({ body: text }, handler)).statusCode).toBe(503)
  })

  it('leaves time for the spill and the answer', async () => {
    const deadlines: number[] = []
    const putRecords: IngestDependencies['putRecords'] = async (_, deadline) => {
      deadlines.push(deadline - NOW)
      return { left: [], retried: 0 }
    }
    const handler = build({ putRecords })
    for (const left of [15_000, 9000])
      await handler(gatewayEvent({ body: text }), { getRemainingTimeInMillis: () => left })
    expect(deadlines).toEqual([6000, 1000])
  })

  it('names the request', async () => {
    expect((await post({ body: text })).headers).toMatchObject({ 'x-request-id': 'id' })
  })

  it('is 503 when what was refused cannot be kept', async () => {
    const handler = build({ quarantine: { put: () => Promise.reject(new UnavailableError('disk full')) } })
    expect((await post({ body: 'x' }, handler)).statusCode).toBe(503)
  })

  it('comes only after the records are safe', async () => {
    let safe = () => {}
    const putRecords = () =>
      new Promise<PutResult<OutgoingRecord>>((resolve) => {
        safe = () => resolve({ left: [], retried: 0 })
      })
    let answered = false
    const answer = build({ putRecords })(gatewayEvent({ body: text })).then(() => {
      answered = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(answered).toBe(false)
    safe()
    await answer
  })
})
