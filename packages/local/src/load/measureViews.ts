import { gzipSync } from 'node:zlib'
import { type Batch, encodeRecord, parseBatch } from '@viewbeat/schema'
import type { Clock } from '../../../player-sdk/src/clock.ts'
import type { Network } from '../../../player-sdk/src/transport/network.ts'
import { createRandom } from './createRandom.ts'
import { openView } from './openView.ts'
import type { Incidents } from './scenario.ts'
import { writeWatch } from './writeWatch.ts'

/** What is sent, on average of the views measured. Bytes are UTF-8. */
export interface Sent {
  requests: number
  events: number
  /** Bodies as they leave: packed where the SDK packs them. */
  body_bytes: number
  /** Records on the stream: one for each batch. */
  records: number
  record_bytes: number
  /** Each record rounded up to whole KiB, as Kinesis bills on demand. */
  record_kib: number
  /** Each record in units of 25 KiB, as Kinesis bills shards. */
  record_units: number
  /** The records there would be if each event went alone, with its context. */
  single_bytes: number
  single_kib: number
}

/** What views send: in the minute that begins with them, in each later one, and as they end. */
export interface Measured {
  first_minute: Sent
  later_minute: Sent
  end: Sent
}

const NOTHING: Sent = {
  requests: 0,
  events: 0,
  body_bytes: 0,
  records: 0,
  record_bytes: 0,
  record_kib: 0,
  record_units: 0,
  single_bytes: 0,
  single_kib: 0,
}

const MINUTE_MS = 60_000

/** What the ingest adds to a batch, as long as it usually is. */
const AROUND = {
  v: 1,
  publisher: 'a-publisher',
  client: {
    ip_prefix: '203.0.113.0/24',
    country: 'DE',
    region: 'BY',
    browser: 'Chrome 152',
    os: 'Windows 11',
    device_type: 'desktop',
    bot: false,
  },
} as const

const sum = (all: Sent[]): Sent => {
  const total = { ...NOTHING }
  for (const sent of all) for (const name of Object.keys(total) as (keyof Sent)[]) total[name] += sent[name]
  return total
}

const divide = (sent: Sent, by: number) =>
  Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, Math.round((value / by) * 1000) / 1000]),
  ) as unknown as Sent

const recordOf = (batch: Batch) => encodeRecord({ ...AROUND, received_at: batch.sent_at, batch }).length

const weigh = (text: string, body_bytes: number): Sent => {
  const sent = { ...NOTHING, requests: 1, body_bytes }
  for (const line of text.split('\n')) {
    const parsed = parseBatch(JSON.parse(line))
    if (!parsed.ok || parsed.rejected.length > 0) throw new Error(`not a good batch: ${line}`)
    const { batch } = parsed
    const bytes = recordOf(batch)
    sent.records++
    sent.events += batch.events.length
    sent.record_bytes += bytes
    sent.record_kib += Math.ceil(bytes / 1024)
    sent.record_units += Math.ceil(bytes / (25 * 1024))
    for (const event of batch.events) {
      const alone = recordOf({ ...batch, events: [event] })
      sent.single_bytes += alone
      sent.single_kib += Math.ceil(alone / 1024)
    }
  }
  return sent
}

/**
 * Runs the SDK over views that are watched for `minutes` each, in virtual time, and weighs what it sends.
 * The same seed gives the same views.
 */
export const measureViews = async (
  createTime: () => { clock: Clock; pass: (ms: number) => Promise<void> },
  {
    views,
    minutes,
    incidents,
    heartbeatMs,
    seed = 1,
  }: {
    views: number
    minutes: number
    incidents: Incidents
    heartbeatMs?: number | undefined
    seed?: number
  },
): Promise<Measured> => {
  const random = createRandom(seed)
  const first: Sent[] = []
  const later: Sent[] = []
  const end: Sent[] = []
  for (let view = 0; view < views; view++) {
    const { clock, pass } = createTime()
    const texts = new Map<unknown, string>()
    let isOver = false
    const take = (text: string, bytes: number) =>
      (isOver ? end : clock.now() < MINUTE_MS ? first : later).push(weigh(text, bytes))
    const network: Network = {
      pack: async (text) => {
        const packed = new Blob([gzipSync(text)])
        texts.set(packed, text)
        return packed
      },
      post: async (_, body) => {
        if (typeof body === 'string') take(body, Buffer.byteLength(body))
        else take(texts.get(body)!, body.size)
        return [202, 0]
      },
      beacon: (_, body) => {
        take(body, Buffer.byteLength(body))
        return true
      },
      leave: () => true,
    }
    const scenario = writeWatch(random, { leaves_at: minutes * MINUTE_MS, incidents })
    const page = openView({
      scenario,
      clock,
      network,
      address: '/v1/events?key=pk_demo',
      random,
      heartbeatMs,
    })
    const left = page.watch()
    for (let minute = 0; minute < minutes; minute++) await pass(MINUTE_MS)
    await left
    isOver = true
    page.leave()
  }
  return {
    first_minute: divide(sum(first), views),
    later_minute: divide(sum(later), views * (minutes - 1)),
    end: divide(sum(end), views),
  }
}
