import { randomFillSync } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { createHandler, readKeyBook } from '../../packages/ingest-lambda/src/index.ts'
import { toGatewayEvent } from './toGatewayEvent.ts'

/** What a body costs beside a good one. */
export interface Cost {
  name: string
  bytes: number
  /** Median time of the whole handler, microseconds. */
  us: number
  /** Median of how many times as long as the good one of the same round. */
  ratio: number
}

const event = (seq: number) => ({
  seq,
  type: 'rendition_change',
  ts: 1790000000000 + seq * 1000,
  t_ms: seq * 1000,
  playhead_ms: seq * 1000,
  state: 'playing',
  height_px: 1080,
  width_px: 1920,
  bitrate_bps: 5_000_000,
})

const batch = (change: (event: object, seq: number) => object = (event) => event) => ({
  spec: '1.2',
  sdk: { name: 'viewbeat-js', version: '0.1.0' },
  visit_id: '01K5M0PV40ZZZZZZZZZZZZZZZA',
  view_id: '01K5M0PV40ZZZZZZZZZZZZZZZB',
  sent_at: 1790000030000,
  context: {
    content: { id: 'ep-101', duration_ms: 1312000, stream_type: 'vod' },
    player: { name: 'html5', engine: 'hls.js', engine_version: '1.7.4' },
    source: { host: 'cdn.example', format: 'hls' },
    page: { origin: 'https://pub.example', path: '/watch' },
    consent: 'granted',
    gpc: false,
    sample_rate: 1,
  },
  events: Array.from({ length: 20 }, (_, seq) => change(event(seq), seq)),
})

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

const ROUNDS = 41
const TIMES = 50

/** Measures what bad bodies cost beside a good one, in turn, so that all meet the same machine. */
export const measureCosts = async (): Promise<Cost[]> => {
  const book = readKeyBook({ pk_demo: { publisher: 'demo', origins: ['*'] } })!
  const handler = createHandler({
    keys: () => book.keys,
    putRecords: async () => ({ left: [], retried: 0 }),
    quarantine: { put: async () => {} },
    observer: { answered: () => {}, keysInTrouble: () => {} },
    now: Date.now,
  })
  const good = Buffer.from(JSON.stringify(batch()))
  const text = good.toString()
  const bodies: [string, Buffer][] = [
    ['good', good],
    ['good, gzip', gzipSync(good)],
    ['random bytes', randomFillSync(Buffer.alloc(good.length))],
    [
      'random letters',
      Buffer.from(randomFillSync(Buffer.alloc(good.length)).toString('base64').slice(0, good.length)),
    ],
    ['gzip of random bytes', gzipSync(randomFillSync(Buffer.alloc(good.length)))],
    ['broken gzip', Buffer.concat([gzipSync(good).subarray(0, 200), randomFillSync(Buffer.alloc(1000))])],
    ['JSON, its last byte missing', good.subarray(0, -1)],
    ['the same over many lines', Buffer.from(JSON.stringify(batch(), null, 1).slice(0, -1))],
    ['100 lines of nothing', Buffer.from('x\n'.repeat(100))],
    [
      'JSON of something else',
      Buffer.from(JSON.stringify({ data: batch().events, context: batch().context })),
    ],
    ['no view_id', Buffer.from(text.replace('"view_id"', '"view"'))],
    [
      'one event of 20 bad',
      Buffer.from(JSON.stringify(batch((event, seq) => (seq === 7 ? { ...event, t_ms: -1 } : event)))),
    ],
    ['all 20 events bad', Buffer.from(JSON.stringify(batch((event) => ({ ...event, t_ms: -1 }))))],
  ]
  const events = bodies.map(([, bytes], index) => {
    const coded =
      index === 0
        ? { body: text, isBase64Encoded: false }
        : { body: bytes.toString('base64'), isBase64Encoded: true }
    return toGatewayEvent({ gateway: 'http', key: 'pk_demo' }, coded)
  })
  const times: number[][] = bodies.map(() => [])
  for (let round = -5; round < ROUNDS; round++)
    for (const [index, event] of events.entries()) {
      const began = process.hrtime.bigint()
      for (let time = 0; time < TIMES; time++) await handler(event)
      if (round >= 0) times[index]!.push(Number(process.hrtime.bigint() - began) / 1000 / TIMES)
    }
  return bodies.map(([name, bytes], index) => ({
    name,
    bytes: bytes.length,
    us: median(times[index]!),
    ratio: median(times[index]!.map((us, round) => us / times[0]![round]!)),
  }))
}
