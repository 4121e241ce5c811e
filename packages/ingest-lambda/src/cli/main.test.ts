import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  decodeRecord,
  encodeRecord,
  type ParsedBatch,
  type QuarantineEntry,
  type StreamRecord,
} from '@viewbeat/schema'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import everyType from '../../../schema/vectors/1.0/valid/every-type.json' with { type: 'json' }
import cmcd from '../../../schema/vectors/cmcd/hls.js-1.7.4.json' with { type: 'json' }
import { gatewayEvent } from '../../test/gatewayEvent.ts'
import { createHandler, type IngestHandler } from '../createHandler.ts'
import { readKeyBook } from '../keys/keyBook.ts'
import { firehoseQuarantine } from '../quarantine/firehoseQuarantine.ts'
import { folderQuarantine } from '../quarantine/folderQuarantine.ts'
import type { OutgoingRecord } from '../records/toRecord.ts'
import { main } from './main.ts'
import type { EntryGroup } from './report/groupEntries.ts'

/** Yesterday's contract refused volumes above 1 and batches of `later`; today's takes them. */
let isYesterday = true

vi.mock('@viewbeat/schema', async (original) => {
  const schema = (await original()) as typeof import('@viewbeat/schema')
  const parseYesterday = (input: unknown): ParsedBatch => {
    const parsed = schema.parseBatch(input)
    if (!parsed.ok) return parsed
    if (parsed.batch.sdk.name === 'later')
      return { ok: false, rejection: { code: 'invalid_value', path: '/sdk/name', message: 'Not later' } }
    const isLoud = (event: object) => (event as { volume?: number }).volume === 1.5
    const rejected = parsed.batch.events.flatMap((event, index) =>
      isLoud(event)
        ? [
            {
              index,
              seq: event.seq,
              code: 'too_big' as const,
              path: `/events/${index}/volume`,
              message: 'Too big',
            },
          ]
        : [],
    )
    const events = parsed.batch.events.filter((event) => !isLoud(event))
    return { ...parsed, batch: { ...parsed.batch, events }, rejected: [...parsed.rejected, ...rejected] }
  }
  return {
    ...schema,
    parseBatch: (input: unknown) => (isYesterday ? parseYesterday(input) : schema.parseBatch(input)),
  }
})

const { keys: KEYS } = readKeyBook({
  pk_demo: { publisher: 'demo', origins: ['https://pub.example'] },
  pk_site: { publisher: 'site', origins: ['*'] },
  pk_half: { publisher: 'half', origins: ['*'], sample_rate: 0.000001 },
})!

/** Five events, the middle one of which yesterday's contract refuses. */
const fiveEvents = (last: string, volume = 1.5) => ({
  ...everyType,
  view_id: `${everyType.view_id.slice(0, -1)}${last}`,
  events: everyType.events.slice(0, 5).map((event, seq) => ({ ...event, seq, ...(seq === 2 && { volume }) })),
})

let folder: string
let records: StreamRecord[]
let handler: IngestHandler
let server: Server
let url: string
/** How a server answers before its ingest does. */
let inTheWay:
  | ((
      request: IncomingMessage,
    ) => { status: number; headers?: Record<string, string>; body?: string } | undefined)
  | undefined
let requests: string[]
/** What was put on the stream by a re-drive, which takes so many more. */
let onStream: OutgoingRecord[]
let streamTakes: number

const readBody = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const listen = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeEach(async () => {
  isYesterday = true
  folder = mkdtempSync(join(tmpdir(), 'viewbeat-quarantine-'))
  records = []
  requests = []
  onStream = []
  streamTakes = Number.POSITIVE_INFINITY
  inTheWay = undefined
  handler = createHandler({
    keys: () => KEYS,
    putRecords: async (outgoing) => {
      for (const { data } of outgoing) {
        const decoded = decodeRecord(data)
        if (!decoded.ok) throw new Error('not a record')
        records.push(decoded.record)
      }
      return { left: [], retried: 0 }
    },
    quarantine: folderQuarantine(folder),
    observer: { answered: () => {}, keysInTrouble: () => {} },
    now: Date.now,
  })
  server = createServer(async (request, response) => {
    const body = await readBody(request)
    const { pathname, searchParams } = new URL(request.url!, 'http://host')
    requests.push(searchParams.get('key') ?? '')
    const early = inTheWay?.(request)
    if (early) {
      response.writeHead(early.status, early.headers).end(early.body)
      return
    }
    const headers = request.headers as Record<string, string>
    const event = { path: pathname, key: searchParams.get('key'), headers, body, base64: true }
    const answer = await handler(gatewayEvent(event))
    response.writeHead(answer.statusCode, answer.headers).end(answer.body)
  })
  url = await listen(server)
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const openStream = async (name: string) => {
  expect(name).toBe('viewbeat')
  return async (outgoing: readonly OutgoingRecord[]) => {
    const left = outgoing.filter(() => streamTakes-- <= 0)
    onStream.push(...outgoing.filter((record) => !left.includes(record)))
    return { left, retried: 0, ...(left.length > 0 && { cause: new Error('throttled') }) }
  }
}

const run = (...args: string[]) => runFor(0, ...args)

/** Runs the command and interrupts it after so many ms, where it says so many. */
const runFor = async (ms: number, ...args: string[]) => {
  const out: string[] = []
  const err: string[] = []
  const status: string[] = []
  const stopping = new AbortController()
  const timer = ms > 0 && setTimeout(() => stopping.abort(), ms)
  const done = main(
    args,
    {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      status: (line) => status.push(line),
      columns: 200,
      colors: false,
    },
    { fetch, openStream, now: Date.now, signal: stopping.signal },
  )
  const code = await done
  if (timer) clearTimeout(timer)
  return { code, out, err, status, text: out.join('\n'), errors: err.join('\n') }
}

const post = (body: unknown, { key = 'pk_demo', path = '/v1/events' } = {}) =>
  handler(
    gatewayEvent({ key, path, body: typeof body === 'string' ? body : JSON.stringify(body), base64: true }),
  )

/** A moment later, so that what was refused is older than what is asked for now. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 3))

const redrive = async (...more: string[]) => {
  await aMoment()
  return run('redrive', folder, '--to', `${url}/v1/events?key=pk_demo`, '--rate', '1000/s', ...more)
}

const quarantined = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('quarantine.ndjson'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as QuarantineEntry)

const landings = () => {
  const count: Record<string, number> = {}
  for (const { publisher, batch } of records)
    for (const { seq } of batch.events) {
      const identity = `${publisher} ${batch.view_id.at(-1)} ${seq}`
      count[identity] = (count[identity] ?? 0) + 1
    }
  return count
}

const keep = (name: string, content: string | Buffer) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), content)
}

const entry = (more: Partial<QuarantineEntry> = {}): QuarantineEntry => ({
  v: 1,
  stage: 'ingest',
  publisher: 'demo',
  received_at: 1790000040000,
  rejections: [{ code: 'unreadable', path: '', message: 'Not JSON' }],
  body_base64: Buffer.from('{"half":').toString('base64'),
  ...more,
})

const asLines = (...entries: unknown[]) => `${entries.map((line) => JSON.stringify(line)).join('\n')}\n`

describe('redrive', () => {
  it('lands each event of a batch once, of which one in five was refused', async () => {
    await post(fiveEvents('A'))
    await post(fiveEvents('B'))
    expect(Object.keys(landings())).toHaveLength(8)
    isYesterday = false
    const { code, text } = await redrive()
    expect(text).toContain('2 entries read: 2 events landed in 2 posts, 0 before, 0 left in quarantine.')
    expect(code).toBe(0)
    const identities = ['A', 'B'].flatMap((view) => [0, 1, 2, 3, 4].map((seq) => [`demo ${view} ${seq}`, 1]))
    expect(landings()).toEqual(Object.fromEntries(identities))
    const redriven = records.filter(({ batch }) => batch.events.length === 1)
    expect(redriven.map(({ client }) => client.bot)).toEqual([false, false])
    expect(redriven.map(({ batch }) => batch.context.content)).toEqual(
      Array(2).fill(everyType.context.content),
    )
  })

  it('sends nothing when it is run again, nor a copy that quarantine holds of an event', async () => {
    await post(fiveEvents('A'))
    await post({ ...fiveEvents('A'), sent_at: everyType.sent_at + 1 })
    isYesterday = false
    expect((await redrive()).text).toContain('1 event landed in 1 post, 1 before, 0 left')
    const before = requests.length
    const again = await redrive()
    expect(again.text).toContain('0 events landed in 0 posts, 2 before, 0 left')
    expect(again.code).toBe(0)
    expect(requests).toHaveLength(before)
  })

  it('counts what landed at one address as not landed at another', async () => {
    await post(fiveEvents('A'))
    isYesterday = false
    await redrive()
    await aMoment()
    const other = await run('redrive', folder, '--to', `${url}/stage/v1/events?key=pk_demo`)
    expect(other.text).toContain('1 event landed')
  })

  it('leaves alone what the contract still refuses, and says why', async () => {
    await post(fiveEvents('A'))
    const { code, text } = await redrive()
    expect(code).toBe(1)
    expect(text).toContain('0 events landed in 0 posts, 0 before, 1 left')
    expect(text).toMatch(/1 +1 +too_big +\/events\/\*\/volume +here +Too big/)
    await post({ ...fiveEvents('B', 1), visit_id: 'x' })
    expect((await redrive()).text).toMatch(/5 +1 +invalid_format +\/visit_id +here/)
    expect(requests).toEqual([])
    expect(quarantined()).toHaveLength(2)
  })

  it('stops where the ingest refuses what passes here, so that its quarantine does not fill once more', async () => {
    await post(fiveEvents('A'))
    await post(fiveEvents('B'))
    isYesterday = false
    const asYesterday = handler
    handler = async (event) => {
      isYesterday = true
      const answer = await asYesterday(event)
      isYesterday = false
      return answer
    }
    const { code, errors, text } = await redrive()
    expect(code).toBe(1)
    expect(requests).toHaveLength(1)
    expect(errors).toContain('deploy the fix first')
    expect(text).toMatch(/1 +1 +too_big +\/events\/\*\/volume +ingest/)
    expect(quarantined()).toHaveLength(3)
    await redrive('--keep-going')
    // Two are the same event, and what this run fills in is not met by it.
    expect(requests).toHaveLength(3)
  })

  it('sends a batch that was refused whole, a body, and CMCD once they can be read', async () => {
    const later = { ...fiveEvents('A', 1), sdk: { name: 'later', version: '1' } }
    await post(later)
    await post(`\n${JSON.stringify(fiveEvents('B', 1))}\n{"half":`)
    const line = cmcd.requests[0]!.body.trim().split('\n')[0]!
    keep('dt=2026-09-21/hour=14/x', asLines(entry({ body_base64: Buffer.from(line).toString('base64') })))
    keep(
      'zipped',
      asLines(entry({ body_base64: gzipSync(JSON.stringify(fiveEvents('C', 1))).toString('base64') })),
    )
    records = []
    isYesterday = false
    const { code, text } = await redrive()
    expect(text).toContain('4 entries read: 11 events landed in 3 posts, 0 before, 1 left in quarantine.')
    expect(code).toBe(1)
    expect(text).toMatch(/unreadable +\(whole\) +here/)
    expect(records.map(({ batch }) => batch.sdk.name).toSorted()).toEqual([
      'cmcd',
      'later',
      everyType.sdk.name,
    ])
  })

  it('does not send an event whose number another one has', async () => {
    const twice = fiveEvents('A', 1)
    twice.events[4] = { ...twice.events[4]!, seq: 3 }
    await post(twice)
    isYesterday = false
    const { code, text } = await redrive()
    expect(text).toMatch(/1 +1 +duplicate_seq +\/events\/\*\/seq +here/)
    expect(code).toBe(1)
    expect(requests).toEqual([])
  })

  it('takes of a body that was kept whole only the events that were refused', async () => {
    const batch = fiveEvents('A')
    const rejections = [
      { index: 2, seq: 2, code: 'too_deep' as const, path: '/events/2', message: 'Too deep' },
    ]
    keep(
      'deep',
      asLines(entry({ rejections, body_base64: Buffer.from(JSON.stringify(batch)).toString('base64') })),
    )
    isYesterday = false
    await redrive()
    expect(Object.keys(landings())).toEqual(['demo A 2'])
  })

  it('cuts what grew too large for a body into bodies that fit', async () => {
    const events = Array.from({ length: 40 }, (_, seq) => ({
      ...everyType.events[0]!,
      seq,
      big: 'ü'.repeat(10_000),
    }))
    keep('large', asLines(entry({ batch: { ...fiveEvents('A', 1), events } })))
    isYesterday = false
    expect((await redrive()).text).toContain('40 events landed in 2 posts')
    expect(Object.values(landings())).toEqual(Array(40).fill(1))
  })

  it('sends for each publisher with its own key, of the ingest’s own document of keys too', async () => {
    await post(fiveEvents('A'))
    await post(fiveEvents('B'), { key: 'pk_site' })
    isYesterday = false
    const keys = join(folder, '.keys.json')
    const document = {
      pk_old: { publisher: 'demo', state: 'off' },
      pk_demo: { publisher: 'demo' },
      pk_site: { publisher: 'site' },
    }
    writeFileSync(keys, JSON.stringify(document))
    await aMoment()
    const { code, err } = await run('redrive', folder, '--to', `${url}/v1/events`, '--keys', keys)
    expect([code, err]).toEqual([0, []])
    expect(landings()).toMatchObject({ 'demo A 2': 1, 'site B 2': 1 })
  })

  it('warns where one key sends for several publishers, and leaves those without any', async () => {
    await post(fiveEvents('A'))
    await post(fiveEvents('B'), { key: 'pk_site' })
    isYesterday = false
    const { err } = await redrive('--dry-run')
    expect(err).toEqual([expect.stringContaining('more than one publisher')])
    const keys = join(folder, '.keys.json')
    writeFileSync(keys, '{"demo":"pk_demo"}')
    await aMoment()
    const { code, text } = await run('redrive', folder, '--to', `${url}/v1/events`, '--keys', keys)
    expect(code).toBe(1)
    expect(text).toMatch(/no_key .* No key for publisher site/)
    expect(landings()).not.toHaveProperty('site B 2')
  })

  it('sends and notes nothing in a dry run', async () => {
    await post(fiveEvents('A'))
    isYesterday = false
    const { code, text } = await redrive('--dry-run')
    expect([code, text]).toEqual([
      0,
      '1 entry read: 1 event would be sent in 1 post, 0 before, 0 left in quarantine.',
    ])
    expect(requests).toEqual([])
    expect((await redrive()).text).toContain('1 event landed')
  })

  it.each([
    ['code', 'missing'],
    ['publisher', 'site'],
    ['stage', 'store'],
    ['since', '2100-01-01'],
    ['until', '2020-01-01'],
  ])('leaves out what is not of the wanted %s', async (option, value) => {
    await post(fiveEvents('A'))
    isYesterday = false
    expect((await redrive(`--${option}`, value)).text).toContain('0 events landed')
    expect(requests).toEqual([])
  })

  it('waits as long as the ingest says before it sends again', async () => {
    await post(fiveEvents('A'))
    isYesterday = false
    const answers = [
      { status: 503, headers: { 'retry-after': '2' } },
      { status: 429, headers: { 'retry-after': '0' } },
    ]
    inTheWay = () => answers.shift()
    const began = Date.now()
    const { code, status } = await redrive()
    expect(code).toBe(0)
    expect(Date.now() - began).toBeGreaterThan(1950)
    expect(status.join()).toContain('503, again in 2 s')
    expect(Object.values(landings())).toEqual([1, 1, 1, 1, 1])
  })

  it('sends nothing more with a key that the ingest does not admit', async () => {
    await post(fiveEvents('A'))
    await post(fiveEvents('B'))
    isYesterday = false
    await aMoment()
    const { code, errors } = await run('redrive', folder, '--to', `${url}/v1/events?key=pk_unknown`)
    expect(code).toBe(1)
    expect(errors).toContain('403: Unknown key')
    expect(requests).toHaveLength(1)
  })

  it('counts what the key’s sample rate leaves out as done', async () => {
    await post(fiveEvents('A'))
    isYesterday = false
    await aMoment()
    const { code, text } = await run('redrive', folder, '--to', `${url}/v1/events?key=pk_half`)
    expect([code, text]).toEqual([
      0,
      expect.stringContaining('0 events landed in 1 post, 0 before, 1 sampled out, 0 left'),
    ])
  })

  it('does not take a 202 of somebody else for an answer', async () => {
    await post(fiveEvents('A'))
    isYesterday = false
    inTheWay = () => ({ status: 202, body: 'thanks' })
    expect(await redrive()).toMatchObject({ code: 1, errors: expect.stringContaining('no Viewbeat ingest') })
    inTheWay = () => ({ status: 202, body: '{"accepted":0,"rejected":[]}' })
    expect(await redrive()).toMatchObject({ code: 1, errors: expect.stringContaining('does not account') })
    inTheWay = undefined
    expect((await redrive()).text).toContain('1 event landed')
  })

  it('sends again what a killed run had half noted', async () => {
    await post(fiveEvents('A'))
    isYesterday = false
    keep('.redriven.ndjson', '{"at":1,"to":"')
    await redrive()
    expect((await redrive()).text).toContain('0 events landed in 0 posts, 1 before')
  })

  it.each([
    ['no key', ['--to', 'https://collect.example/v1/events']],
    ['--to', ['--to', 'collect.example']],
    ['--rate', ['--to', 'https://collect.example/v1/events?key=pk_demo', '--rate', '0/s']],
    ['--since', ['--to', 'https://collect.example/v1/events?key=pk_demo', '--since', 'yesterday']],
    ['--keys', ['--to', 'https://collect.example/v1/events', '--keys', '/nowhere.json']],
  ])('asked wrongly names %s', async (name, args) => {
    const { code, errors } = await run('redrive', folder, ...args)
    expect([code, errors]).toEqual([2, expect.stringContaining(name)])
  })
})

describe('redrive of what a sink refused', () => {
  const received_at = 1790000036200
  const client = { country: 'NL', bot: false }
  const aRecord = (last: string): StreamRecord => ({
    v: 1,
    received_at,
    publisher: 'site',
    client: client as StreamRecord['client'],
    batch: fiveEvents(last, 1) as unknown as StreamRecord['batch'],
  })
  const refusedBy = (
    stage: QuarantineEntry['stage'],
    sequence_number: string,
    record: StreamRecord | Buffer,
  ) => ({
    v: 1 as const,
    stage,
    received_at: 1790000040000,
    rejections: [{ code: 'not_stored' as const, path: '', message: 'Failed 3 times' }],
    body_base64: Buffer.from(Buffer.isBuffer(record) ? record : encodeRecord(record)).toString('base64'),
    sequence_number,
  })
  const toStream = (...more: string[]) =>
    run('redrive', folder, '--to-stream', 'viewbeat', '--rate', '1000/s', ...more)

  it.each(['archive', 'search', 'store'] as const)(
    'puts the record that %s refused on the stream as it was',
    async (stage) => {
      keep('sinks', asLines(refusedBy(stage, '100', aRecord('A'))))
      const { text, code } = await toStream()
      expect(text).toContain('1 entry read: 5 events landed in 1 record, 0 before, 0 left')
      expect(code).toBe(0)
      expect(onStream.map(({ partitionKey }) => partitionKey)).toEqual([aRecord('A').batch.view_id])
      expect(decodeRecord(onStream[0]!.data)).toEqual({ ok: true, record: aRecord('A') })
      expect(requests).toEqual([])
    },
  )

  it('puts a record once that two sinks refused, or that quarantine holds twice, however often it is run', async () => {
    const entries = [refusedBy('search', '100', aRecord('A')), refusedBy('search', '100', aRecord('A'))]
    keep('sinks', asLines(...entries, refusedBy('store', '100', aRecord('A'))))
    expect((await toStream()).text).toContain(
      '3 entries read: 5 events landed in 1 record, 10 before, 0 left',
    )
    expect((await toStream()).text).toContain('0 events landed in 0 records, 15 before, 0 left')
    expect(onStream).toHaveLength(1)
  })

  it('puts a record again that was refused once more after it was put', async () => {
    keep('sinks', asLines(refusedBy('search', '100', aRecord('A'))))
    await toStream()
    keep('sinks-later', asLines(refusedBy('search', '200', aRecord('A'))))
    expect((await toStream()).text).toContain('5 events landed in 1 record, 5 before')
  })

  it('leaves bytes that are no record yet, and says so', async () => {
    keep('sinks', asLines(refusedBy('archive', '100', Buffer.from('poison'))))
    const { text, code } = await toStream()
    expect(text).toMatch(/unreadable +\(whole\) +here +Not JSON/)
    expect(code).toBe(1)
    expect(onStream).toEqual([])
  })

  it('puts a batch of which the record is lost, its sender unknown', async () => {
    const { body_base64: _, ...rest } = refusedBy('search', '100', aRecord('A'))
    keep('sinks', asLines({ ...rest, publisher: 'site', batch: aRecord('A').batch }))
    await toStream()
    expect(decodeRecord(onStream[0]!.data)).toEqual({
      ok: true,
      record: { ...aRecord('A'), received_at: 1790000040000, client: {} },
    })
  })

  it('reads what Lambda gave up, from its documents in the bucket', async () => {
    const kinesis = (sequenceNumber: string, last: string) => ({
      kinesis: { sequenceNumber, data: Buffer.from(encodeRecord(aRecord(last))).toString('base64') },
      eventID: `shardId-000000000001:${sequenceNumber}`,
    })
    const document = (...Records: object[]) =>
      JSON.stringify(
        {
          requestContext: {
            requestId: 'c9b8fa9f',
            functionArn: 'arn:aws:lambda:us-east-2:123456789012:function:viewbeat-search',
            condition: 'RetryAttemptsExhausted',
            approximateInvokeCount: 9,
          },
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          version: '1.0',
          timestamp: '2026-11-21T00:38:06.021Z',
          KinesisBatchInfo: { shardId: 'shardId-000000000001', batchSize: Records.length },
          ...(Records.length > 0 && { payload: JSON.stringify({ Records }) }),
        },
        null,
        2,
      )
    const at = 'aws/lambda/a0b1/shardId-000000000001/2026/11/21/2026-11-21T00.38.06-'
    keep(`${at}1`, document(kinesis('100', 'A'), kinesis('101', 'B')))
    keep(`${at}2`, document(kinesis('101', 'B')))
    keep('sinks', asLines(refusedBy('store', '101', aRecord('B'))))
    const told = await run('report', folder)
    expect(told.text).toContain('4 entries in quarantine, 20 events')
    expect(told.text).toMatch(/15 +3 +not_stored +\(whole\) +site +search/)
    const { text, code } = await toStream()
    expect(text).toContain('4 entries read: 10 events landed in 2 records, 10 before, 0 left')
    expect(code).toBe(0)

    keep(`${at}3`, document())
    const without = await toStream()
    expect(without.errors).toContain('says that a batch was given up, but does not hold it')
    expect(without.code).toBe(1)
  })

  it('stops where the stream takes no more, and goes on from there', async () => {
    keep(
      'sinks',
      asLines(...['A', 'B', 'C'].map((last, at) => refusedBy('search', `10${at}`, aRecord(last)))),
    )
    streamTakes = 2
    const interrupted = await runFor(50, 'redrive', folder, '--to-stream', 'viewbeat', '--rate', '1000/s')
    expect(interrupted.code).toBe(1)
    expect(interrupted.text).toContain('10 events landed in 2 records, 0 before, 5 left')
    streamTakes = Number.POSITIVE_INFINITY
    expect((await toStream()).text).toContain('5 events landed in 1 record, 10 before, 0 left')
    expect(onStream.map(({ partitionKey }) => partitionKey.at(-1))).toEqual(['A', 'B', 'C'])
  })

  it('is told where each kind goes', async () => {
    keep('sinks', asLines(refusedBy('search', '100', aRecord('A'))))
    await post(fiveEvents('B'))
    isYesterday = false
    await aMoment()
    expect((await redrive()).text).toMatch(/no_target +\(whole\) +here +Refused by a sink: name the stream/)
    expect((await toStream()).text).toMatch(/no_target +\(whole\) +here +Refused by the ingest/)
    expect((await redrive('--to-stream', 'viewbeat')).code).toBe(0)
    expect((await run('redrive', folder)).errors).toContain('nowhere to send it')
  })

  it('puts nothing in a dry run', async () => {
    keep('sinks', asLines(refusedBy('search', '100', aRecord('A'))))
    expect((await toStream('--dry-run')).text).toContain('5 events would be sent in 1 record')
    expect(onStream).toEqual([])
  })

  /** A record of a mebibyte that does not compress. */
  const aLargeRecord = () => {
    const record = aRecord('A')
    const noise = randomBytes(760_000).toString('base64')
    return { ...record, batch: { ...record.batch, ext: noise } } as unknown as StreamRecord
  }

  /** What Firehose writes of entries, whatever the order of their lines; it refuses what it would. */
  const throughFirehose = async (...entries: QuarantineEntry[]): Promise<string[]> => {
    const lines: string[] = []
    const call = async (_service: string, _action: string, input: string) => {
      const { Records } = JSON.parse(input) as { Records: { Data: string }[] }
      return {
        RequestResponses: Records.map(({ Data }) => {
          const bytes = Buffer.from(Data, 'base64')
          if (bytes.length > 1000 * 1024) return { ErrorCode: 'InvalidArgumentException' }
          lines.unshift(bytes.toString())
          return {}
        }),
      }
    }
    await firehoseQuarantine({ call } as unknown as Parameters<typeof firehoseQuarantine>[0], 'refused').put(
      entries,
    )
    return lines
  }

  it('puts a record together that was too large for one entry of a delivery stream', async () => {
    const large = aLargeRecord()
    const lines = await throughFirehose(refusedBy('search', '100', large))
    expect(lines.length).toBeGreaterThan(1)
    for (const [index, line] of lines.entries()) keep(`part-${index}`, gzipSync(line))
    keep('copy', lines[0]!)
    expect((await run('report', folder)).text).toContain('1 entry in quarantine')
    expect((await toStream()).text).toContain('1 entry read: 5 events landed in 1 record, 0 before, 0 left')
    expect(decodeRecord(onStream[0]!.data)).toEqual({ ok: true, record: large })
  })

  it('says where a part of an entry is missing', async () => {
    const lines = await throughFirehose(refusedBy('search', '100', aLargeRecord()))
    keep('part', lines[0]!)
    const { errors, code } = await toStream()
    expect(errors).toContain(`part:1: 1 of the ${lines.length} parts of an entry; the others are missing`)
    expect(code).toBe(1)
  })
})

describe('report', () => {
  const readGroups = async (...args: string[]) => {
    const { code, text } = await run('report', folder, '--json', ...args)
    return {
      code,
      ...(JSON.parse(text) as { entries: number; events: number; groups: EntryGroup[]; unread: object[] }),
    }
  }

  it('groups by publisher, stage, code and place, and counts entries and events', async () => {
    await post(fiveEvents('A'))
    const two = fiveEvents('B')
    two.events[4] = { ...two.events[4]!, volume: 1.5 } as never
    await post(two)
    await post(fiveEvents('C'), { key: 'pk_site' })
    await post({ ...fiveEvents('D', 1), visit_id: 'x' })
    await post('hello')
    const { code, entries, events, groups } = await readGroups()
    expect([code, entries, events]).toEqual([0, 5, 9])
    const told = groups.map(({ publisher, code, path, entries, events }) => [
      publisher,
      code,
      path,
      entries,
      events,
    ])
    expect(told).toEqual([
      ['demo', 'invalid_format', '/visit_id', 1, 5],
      ['demo', 'too_big', '/events/*/volume', 2, 3],
      ['site', 'too_big', '/events/*/volume', 1, 1],
      ['demo', 'unreadable', '', 1, 0],
    ])
    expect(groups[1]!.producers).toEqual({ [`${everyType.sdk.name} ${everyType.sdk.version}`]: 2 })
    expect(groups[1]!.first_seen).toBeLessThanOrEqual(groups[1]!.last_seen)
  })

  it('shows a sample with its keys and types, and none of what it says', async () => {
    const secret = fiveEvents('A')
    secret.events[2] = {
      ...secret.events[2]!,
      ext: {
        'com.example.user': {
          mail: 'jo@private.example',
          'jo@private.example': 31337,
          link: 'https://private.example/?token=1',
        },
      },
    } as never
    secret.context.content.id = 'private-content'
    await post(secret)
    await post(JSON.stringify({ ...secret, visit_id: 'private visit' }))
    await post('{"private": tru')
    const { groups } = await readGroups()
    const all = JSON.stringify(groups)
    expect(all).not.toMatch(/private|31337|token/)
    expect(all).not.toContain(everyType.view_id.slice(0, 20))
    const { sample } = groups.find(({ code }) => code === 'too_big') as unknown as { sample: typeof secret }
    expect(sample).toMatchObject({
      spec: '1.0',
      sdk: `${everyType.sdk.name} ${everyType.sdk.version}`,
      view_id: '<ulid, 26>',
      context: { content: { id: '<word, 15>' } },
      events: [
        {
          seq: 2,
          type: everyType.events[2]!.type,
          ext: { 'com.example.user': { mail: '<text, 18>', '<key 1>': '<integer>', link: '<url, 32>' } },
        },
      ],
    })
  })

  it('shows of bytes that nobody can read how many they are, how they begin and what they look like', async () => {
    const bodies = [
      Buffer.from('{"half":'),
      Buffer.from('{"a":}'),
      gzipSync(JSON.stringify(everyType)).subarray(0, 50),
      gzipSync('hello'),
      Buffer.from([0xff, 0xfe, 0x00]),
    ]
    for (const [index, body] of bodies.entries())
      keep(`${index}`, asLines(entry({ publisher: `p${index}`, body_base64: body.toString('base64') })))
    const { groups } = await readGroups()
    expect(groups.map(({ sample }) => sample)).toEqual([
      { bytes: 8, head: Buffer.from('{"half":').toString('hex'), looks: 'JSON, cut off' },
      { bytes: 6, head: expect.any(String), looks: 'broken JSON' },
      { bytes: 50, head: expect.stringMatching(/^1f8b/), looks: 'broken gzip' },
      { bytes: expect.any(Number), head: expect.stringMatching(/^1f8b/), looks: 'gzip of text' },
      { bytes: 3, head: 'fffe00', looks: 'no UTF-8' },
    ])
  })

  it('draws a table no wider than the screen where that can be had', async () => {
    await post(fiveEvents('A'))
    const { out } = await run('report', folder)
    expect(out[0]).toBe('1 entry in quarantine, 1 event, 1 reason.')
    expect(out[2]).toMatch(
      /^# +events +entries +code +path +publisher +stage +first seen +last seen +producers$/,
    )
    expect(out[3]).toMatch(/^1 +1 +1 +too_big +\/events\/\*\/volume +demo +ingest +20\d\d-/)
    expect(out.slice(2, 4).every((line) => line.length <= 200)).toBe(true)
    expect(out.join('\n')).toContain('#1 Too big')
  })

  it('lets nothing through that moves a cursor', async () => {
    const message = 'Too \u001b[31mred\u202e'
    keep(
      'x',
      asLines(
        entry({ publisher: 'de\u001bmo', rejections: [{ code: 'missing', path: '/a/\u001b[2J', message }] }),
      ),
    )
    const { text } = await run('report', folder)
    for (const control of ['\u001b', '\u202e']) expect(text).not.toContain(control)
    expect(text).toContain('Too ·[31mred·')
  })

  it('reads plain and gzip, whatever they are called, and names what it cannot read', async () => {
    keep('a.ndjson', asLines(entry(), entry()))
    keep('dt=2026-09-21/b', gzipSync(asLines(entry())))
    keep('c', Buffer.concat([gzipSync(asLines(entry())), gzipSync(asLines(entry()))]))
    keep('d', `${JSON.stringify(entry())}\n{"v":2}\n\nnothing\n`)
    keep(
      'e',
      gzipSync(asLines(entry(), entry({ body_base64: Buffer.alloc(4000, 'x').toString('base64') }))).subarray(
        0,
        -9,
      ),
    )
    keep('.hidden', 'nothing')
    const { code, entries, unread } = await readGroups()
    expect(code).toBe(1)
    expect(entries).toBeGreaterThanOrEqual(6)
    expect(unread).toEqual([
      { where: 'd:2', why: 'no quarantine entry' },
      { where: 'd:4', why: 'no quarantine entry' },
      { where: expect.stringMatching(/^e, after line \d$/), why: expect.stringContaining('unexpected end') },
    ])
  })

  it('passes over the days that are not asked for, without reading them', async () => {
    keep('dt=2026-09-21/hour=14/x.ndjson', 'broken')
    const at = Date.parse('2026-11-20T10:00Z')
    keep(
      'dt=2026-11-20/hour=10/x.ndjson',
      asLines(entry({ received_at: at }), entry({ received_at: at + 60_000 })),
    )
    expect(await readGroups('--since', '2026-11-20T10:01Z')).toMatchObject({
      code: 0,
      entries: 1,
      unread: [],
    })
    expect(await readGroups('--since', '2026-11-20', '--until', '2026-11-20T10:01Z')).toMatchObject({
      entries: 1,
    })
  })

  it('says that there is nothing', async () => {
    expect(await run('report', folder)).toMatchObject({ code: 0, text: 'Nothing in quarantine.' })
    expect(await run('report', join(folder, 'nowhere'))).toMatchObject({
      code: 2,
      errors: expect.stringContaining('no such folder'),
    })
  })

  it('holds as many groups as can be told apart, however many paths strangers think of', async () => {
    const lines = Array.from({ length: 1500 }, (_, index) =>
      entry({ rejections: [{ code: 'missing', path: `/x${index}`, message: 'Required' }] }),
    )
    keep('many', asLines(...lines))
    const { entries, groups } = await readGroups()
    expect([entries, groups.length]).toEqual([1500, 1001])
    expect(groups[0]).toMatchObject({ code: '(other)', entries: 500 })
  })
})

/** As much of S3 as is asked of it: lists two keys at a time, hands over objects. */
const startS3 = async (objects: Record<string, Buffer>) => {
  const double = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://host')
    if (searchParams.get('list-type') !== '2') {
      const found = objects[decodeURIComponent(pathname.slice('/bucket/'.length))]
      response.writeHead(found ? 200 : 404).end(found)
      return
    }
    const from = Number(searchParams.get('continuation-token') ?? 0)
    const keys = Object.keys(objects).filter((key) => key.startsWith(searchParams.get('prefix') ?? ''))
    const page = keys.slice(from, from + 2)
    const more = from + 2 < keys.length
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(
        `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : ''}${page
          .map((key) => `<Contents><Key>${key}</Key><Size>${objects[key]!.length}</Size></Contents>`)
          .join('')}</ListBucketResult>`,
      )
  })
  return { double, endpoint: await listen(double) }
}

describe('a quarantine in S3', () => {
  it('is read like a folder, page by page, and redriven with its state in a file', async () => {
    for (const view of ['A', 'B', 'C']) await post(fiveEvents(view))
    const lines = quarantined().map((line) => asLines(line))
    const { double, endpoint } = await startS3({
      'other/1.gz': Buffer.from('nothing'),
      'bad/dt=2026-11-22/1.gz': gzipSync(lines[0]!),
      'bad/dt=2026-11-22/2.gz': gzipSync(lines[1]!),
      'bad/dt=2026-11-22/3': Buffer.from(lines[2]!),
    })
    vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint)
    vi.stubEnv('AWS_REGION', 'eu-west-1')
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x')
    try {
      expect(gunzipSync(gzipSync(lines[0]!)).toString()).toBe(lines[0])
      const { code, text } = await run('report', 's3://bucket/bad/', '--json')
      expect([code, JSON.parse(text)]).toEqual([0, expect.objectContaining({ entries: 3, events: 3 })])
      isYesterday = false
      const to = ['--to', `${url}/v1/events?key=pk_demo`]
      expect(await run('redrive', 's3://bucket/bad/', ...to)).toMatchObject({
        code: 2,
        errors: expect.stringContaining('--state'),
      })
      const state = ['--state', join(folder, 'state.ndjson')]
      expect((await run('redrive', 's3://bucket/bad/', ...to, ...state)).text).toContain('3 events landed')
      expect((await run('redrive', 's3://bucket/bad/', ...to, ...state)).text).toContain(
        '0 events landed in 0 posts, 3 before',
      )
      expect(Object.values(landings())).toEqual(Array(15).fill(1))
    } finally {
      vi.unstubAllEnvs()
      double.closeAllConnections()
      double.close()
    }
  })
})
