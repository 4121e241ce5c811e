import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { decodeRecord, MAX_BODY_BYTES } from '@viewbeat/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Receipt } from '../../packages/ingest-lambda/src/index.ts'
import minimal from '../../packages/schema/vectors/1.2/valid/minimal.json' with { type: 'json' }
import { root } from '../root.ts'
import { judge } from './judge.ts'
import { openIngest, type RecordingIngest } from './openIngest.ts'
import { readVectors } from './readVectors.ts'
import { runFuzz } from './runFuzz.ts'
import { type Around, GATEWAYS, toGatewayEvent } from './toGatewayEvent.ts'

const MARKER = 'ZQPAYLOADQZ'

let ingest: RecordingIngest
beforeEach(() => {
  ingest = openIngest()
})
afterEach(() => ingest.close())

const toBytes = (body: string | Buffer) => Buffer.from(body as string)

/** Posts a body and holds the ingest to all its promises. */
const post = async (body: string | Buffer, around: Partial<Around> = {}) => {
  const coded = { body: toBytes(body).toString('base64'), isBase64Encoded: true }
  const event = toGatewayEvent({ gateway: 'http', key: 'pk_demo', ...around }, coded)
  const answer = await judge(ingest, { event, marker: MARKER })
  return { ...answer, receipt: JSON.parse(answer.body!) as Receipt & { message?: string } }
}

/** Of two events; what `more` says is put, as text, into the second. */
const withMember = (more: string) => {
  const [event] = minimal.events
  const second = JSON.stringify({ ...event, seq: (event?.seq ?? 0) + 1 }).replace('{', `{${more},`)
  return JSON.stringify({ ...minimal, events: [event, 'second'] }).replace('"second"', () => second)
}

const storedEvents = () =>
  ingest.records.flatMap(({ data }) => {
    const decoded = decodeRecord(data)
    return decoded.ok ? decoded.record.batch.events : []
  })

describe('the ingest, whatever is posted', () => {
  it('keeps its promises for 20,000 mutated bodies behind every gateway', async () => {
    ingest.close()
    const seed = Number(process.env.VIEWBEAT_FUZZ_SEED ?? 20261122)
    const result = await runFuzz(readVectors(join(root, 'packages/schema/vectors')), 20_000, seed)
    expect(result.failure).toBeUndefined()
    expect(result.bodies).toBe(20_000)
    // Bodies that are all refused at the door would prove nothing.
    expect(result.statuses[202]).toBeGreaterThan(5000)
    expect(result.accepted).toBeGreaterThan(10_000)
    expect(result.rejected).toBeGreaterThan(10_000)
  }, 180_000)

  it.each(GATEWAYS)('answers the same behind %s', async (gateway) => {
    expect(await post(withMember(`"x":"${MARKER}"`), { gateway })).toMatchObject({
      statusCode: 202,
      receipt: { accepted: 2, rejected: [] },
    })
  })
})

describe('a bomb', () => {
  /** In a process of its own: the peak of memory is of the process, and never falls. */
  const measure = async (mebibytes: number) => {
    const script = join(root, 'tests/fuzz/measureBomb.ts')
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', script, String(mebibytes)],
      { cwd: root },
    )
    return JSON.parse(stdout) as { bytes: number; statusCode: number; ms: number; grown_mib: number }
  }

  it('of 1 MB that inflates to 1 GB is refused in little memory', async () => {
    const { bytes, statusCode, grown_mib } = await measure(1024)
    expect(bytes).toBeGreaterThan(1_000_000)
    expect(statusCode).toBe(413)
    expect(grown_mib).toBeLessThan(64)
  }, 60_000)

  it('that is small enough to be inflated is refused in little memory', async () => {
    const { bytes, statusCode, grown_mib } = await measure(384)
    expect(bytes).toBeLessThan(MAX_BODY_BYTES)
    expect(statusCode).toBe(413)
    expect(grown_mib).toBeLessThan(64)
  }, 60_000)
})

describe('a body', () => {
  const good = JSON.stringify(minimal)

  it('nested deeper than any stack is refused with its bytes', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect(await post(deep)).toMatchObject({ statusCode: 202, receipt: { accepted: 0 } })
    expect(await post(withMember(`"deep":${deep}`))).toMatchObject({
      statusCode: 202,
      receipt: { accepted: 1, rejected: [{ code: 'too_deep', index: 1 }] },
    })
    expect(await post(good.replace('"context":{', `"context":{"deep":${deep},`))).toMatchObject({
      receipt: { accepted: 0, rejected: [{ code: 'too_deep' }] },
    })
  })

  it('of a million keys is too large, and of as many as a body holds is judged', async () => {
    const keys = (count: number) =>
      Array.from({ length: count }, (_, index) => `"_${index.toString(36)}":0`).join()
    expect((await post(`{${keys(1_000_000)}}`)).statusCode).toBe(413)
    expect(await post(gzipSync(`{${keys(1_000_000)}}`))).toMatchObject({ statusCode: 413 })
    expect((await post(withMember(keys(40_000)))).receipt).toMatchObject({ accepted: 2 })
  }, 30_000)

  it('that says a key twice counts the later one, and loses no event by it', async () => {
    expect((await post(withMember('"seq":77,"t_ms":-1'))).receipt).toMatchObject({ accepted: 2 })
    expect((await post(good.replace('"events":', '"events":[{},{}],"events":'))).receipt).toMatchObject({
      accepted: 1,
    })
  })

  it('with halves of characters is stored as text that every reader takes', async () => {
    expect((await post(withMember(`"x":"\\ud800${MARKER}","\\udfff":1`))).receipt.accepted).toBe(2)
    expect(Buffer.from(ingest.records[0]!.data).toString()).toContain('\ufffd')
  })

  it.each([
    'NaN',
    '-NaN',
    'Infinity',
    '-Infinity',
    '+1',
    '.5',
    '1.',
    '0x10',
    '01',
    '1_000',
    'undefined',
    "'a'",
  ])('that spells a number %s is kept as it is', async (number) => {
    const body = withMember(`"n":${number},"s":"${MARKER}"`)
    expect(await post(body)).toMatchObject({ statusCode: 400 })
    expect(ingest.entries).toMatchObject([{ body_base64: Buffer.from(body).toString('base64') }])
  })

  it.each(['1e999', '-1e999', '9007199254740993', '1e-999', '123456789012345678901234567890', '1e308'])(
    'with a number as large as %s where a count belongs loses that event only',
    async (number) => {
      const body = withMember('"x":0').replace(/"t_ms":\d+(?!.*"t_ms")/, `"t_ms":${number}`)
      const { accepted, rejected } = (await post(body)).receipt
      expect(accepted).toBe(number === '1e-999' ? 2 : 1)
      expect(rejected).toHaveLength(2 - accepted)
    },
  )

  it('with a number too large for JSON’s readers in a field that nobody knows is stored', async () => {
    expect((await post(withMember('"n":1e999'))).receipt.accepted).toBe(2)
    expect(storedEvents()[1]).toMatchObject({ n: null })
  })

  it('takes no header from an id, an origin or a trace that ends one', async () => {
    const headers = {
      origin: 'https://a\r\nset-cookie: a=b',
      'x-amzn-trace-id': 'a\r\nset-cookie: a=b',
      'user-agent': 'a\r\nb',
    }
    for (const gateway of GATEWAYS) {
      const answer = await post(withMember(`"x":"${MARKER}\\r\\nset-cookie: a=b"`), { gateway, headers })
      expect(answer.statusCode).toBe(202)
      expect(JSON.stringify([answer.headers, answer.multiValueHeaders])).not.toMatch(/\\r|\\n|"set-cookie/)
    }
    const body = good.replace(/"view_id":"[^"]*/, '"view_id":"a\\r\\nset-cookie: a=b')
    expect((await post(body)).receipt).toMatchObject({ accepted: 0, rejected: [{ path: '/view_id' }] })
  })

  it('pollutes nothing by the names that every object has', async () => {
    const members = [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      'toJSON',
      'valueOf',
    ]
    for (const name of members) {
      await post(withMember(`"${name}":{"polluted":"${MARKER}","prototype":{"polluted":1}}`))
      await post(`{"${name}":{"polluted":1},${good.slice(1)}`)
      await post(good.replace('"context":{', `"context":{"${name}":{"polluted":1},`))
      await post(good, { key: name })
      await post(good, { path: `/v1/${name.toLowerCase().replaceAll('_', '')}` })
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('that begins with a byte order mark, in whichever coding, is kept if it is not read', async () => {
    const bodies = [
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(good)]),
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, 'utf16le')]),
    ]
    for (const body of bodies) expect([202, 400]).toContain((await post(body)).statusCode)
  })

  it('with NUL, overlong UTF-8 or halves of it is taken or kept, and never stored as bytes that are no text', async () => {
    for (const odd of [
      [0],
      [0xc0, 0x80],
      [0xc0, 0xaf],
      [0xe0, 0x80, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf8, 0x88],
      [0xff],
    ]) {
      const [before, after] = withMember(`"x":"@@${MARKER}"`).split('@@') as [string, string]
      const { statusCode } = await post(
        Buffer.concat([Buffer.from(before), Buffer.from(odd), Buffer.from(after)]),
      )
      expect(statusCode).toBe(odd[0] === 0 ? 400 : 202)
      expect((await post(Buffer.concat([Buffer.from(odd), Buffer.from(good)]))).statusCode).toBe(400)
    }
  })

  it('of base64 that is none is answered and kept', async () => {
    for (const body of [
      '====',
      '!!!!',
      'e30',
      'e30=\n',
      '\u0000',
      good,
      `${Buffer.from(good).toString('base64')}=`,
    ]) {
      const event = toGatewayEvent({ gateway: 'http', key: 'pk_demo' }, { body, isBase64Encoded: true })
      expect([202, 400]).toContain((await judge(ingest, { event, marker: MARKER })).statusCode)
    }
  })

  it('of gzip that is cut, glued, doubled or lies is answered and kept', async () => {
    const zipped = gzipSync(good)
    for (const cut of [2, 3, 10, 11, zipped.length - 9, zipped.length - 1])
      expect((await post(zipped.subarray(0, cut))).statusCode).toBe(400)
    expect((await post(Buffer.concat([gzipSync(`${good}\n`), gzipSync(good)]))).receipt.accepted).toBe(2)
    expect((await post(gzipSync(zipped))).statusCode).toBe(400)
    expect((await post(Buffer.concat([zipped, Buffer.from('rest')]))).statusCode).toBeLessThan(500)
    expect((await post(Buffer.concat([zipped, Buffer.alloc(64)]))).receipt.accepted).toBe(1)
    const lying = Buffer.from(zipped)
    lying.writeUInt32LE(0, lying.length - 8)
    expect((await post(lying)).statusCode).toBe(400)
    expect((await post(deflateRawSync(good))).statusCode).toBe(400)
  })

  it('whose numbers grow larger than a record may be, when they are written again, is kept with its bytes', async () => {
    const body = withMember(`"x":[${Array(60_000).fill('1e20').join()}]`)
    expect((await post(body)).receipt).toMatchObject({
      accepted: 0,
      rejected: [{ code: 'record_too_large' }],
    })
  })
})
