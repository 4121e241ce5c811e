import { describe, expect, it } from 'vitest'
import { bill } from './bill.ts'
import { charge } from './charge.ts'
import { gateway } from './components/gateway.ts'
import { kinesis, shardsFor } from './components/kinesis.ts'
import { lambda } from './components/lambda.ts'
import { observability } from './components/observability.ts'
import { quarantine } from './components/quarantine.ts'
import { archive, search } from './components/sinks.ts'
import { spill } from './components/spill.ts'
import type { Line } from './line.ts'
import { DAYS, GB, SECONDS } from './month.ts'
import { PRICES, type Price } from './prices.ts'
import { DEFAULTS, type Settings, SHAPES, type Shape } from './settings.ts'
import { type Traffic, trafficOf, type ViewSends } from './trafficOf.ts'
import { viewOf } from './viewOf.ts'
import { withGiven } from './withGiven.ts'

const NOTHING: Traffic = {
  views: 0,
  requestsPerSecond: 0,
  eventsPerSecond: 0,
  requests: 0,
  events: 0,
  bodyBytes: 0,
  records: 0,
  recordBytes: 0,
  recordKib: 0,
  recordUnits: 0,
}
const month = (of: Partial<Traffic>): Traffic => ({ ...NOTHING, ...of })
const usdOf = (lines: Line[], what: string) => lines.find((line) => line.what.trim() === what)!.usd

describe('a price with tiers', () => {
  it.each([
    ['httpApiRequest', 0, 0],
    ['httpApiRequest', 1e6, 1],
    ['httpApiRequest', 300e6, 300],
    ['httpApiRequest', 301e6, 300.9],
    ['httpApiRequest', 3_000e6, 300 + 2_700 * 0.9],
    ['restApiRequest', 333e6, 1165.5],
    ['restApiRequest', 1_000e6, 1165.5 + 667 * 2.8],
    ['restApiRequest', 3_040e6, 7888.3],
    ['restApiRequest', 21_000e6, 1165.5 + 667 * 2.8 + 19_000 * 2.38 + 1_000 * 1.51],
    ['dataOut', 10_240, 921.6],
    ['dataOut', 10_241, 921.685],
    ['logsIn', 1024, 512],
    ['logsIn', 40_960, 5120 + 5120 + 1024],
    ['metric', 101, 30.3],
  ] as const)('%s: %d cost $%d', (name, amount, usd) => {
    expect(charge(name, amount).usd).toBeCloseTo(usd, 6)
  })

  it('says each tier in words', () => {
    expect(charge('httpApiRequest', 3461e6).words).toBe('300 M × $1.00/M + 3,161 M × $0.90/M')
    expect(charge('shardHour', 4380, '6 × 730 h').words).toBe('6 × 730 h × $0.015')
  })
})

describe('a component', () => {
  it('gateway: bodies of the SDK are one request each, and answers leave at the price of data out', () => {
    const lines = gateway('http-api', month({ requests: 152e6 }), { answerBytes: 700 })
    expect(usdOf(lines, 'gateway')).toBeCloseTo(152, 6)
    expect(usdOf(lines, 'data out')).toBeCloseTo(((152e6 * 700) / GB) * 0.09, 6)
  })

  it('gateway: a function URL costs nothing, CloudFront by the request and by what it hands on', () => {
    const traffic = month({ requests: 152e6, bodyBytes: 305 * GB })
    expect(usdOf(gateway('function-url', traffic, DEFAULTS), 'gateway')).toBe(0)
    const lines = gateway('cloudfront', traffic, DEFAULTS)
    expect(usdOf(lines, 'gateway') + usdOf(lines, 'bodies to origin')).toBeCloseTo(158.1, 6)
  })

  it('Lambda: requests, and GB-seconds of the billed time', () => {
    const lines = lambda(month({ requests: 1e6 }), { memoryMb: 1024, handlerMs: 20 })
    expect(usdOf(lines, 'Lambda requests')).toBeCloseTo(0.2, 9)
    expect(usdOf(lines, 'Lambda time')).toBeCloseTo(20_000 * 0.0000133334, 9)
  })

  it('Kinesis: as many shards as the peak needs, by records or by bytes', () => {
    const each = (records: number, recordBytes: number) => ({
      records: records * SECONDS,
      recordBytes: recordBytes * records * SECONDS,
    })
    expect(shardsFor(each(1, 100), 1).shards).toBe(1)
    expect(shardsFor(each(1000, 1000), 1).shards).toBe(1)
    expect(shardsFor(each(1001, 900), 1).shards).toBe(2)
    expect(shardsFor(each(100, 30_001), 1).shards).toBe(4)
    expect(shardsFor(each(100, 1000), 3).shards).toBe(1)
    expect(shardsFor(each(400, 1000), 3).shards).toBe(2)
  })

  it('Kinesis: only the chosen way to be billed is in the sum', () => {
    const traffic = month({
      records: 152e6,
      recordBytes: 152e6 * 6135,
      recordKib: 152e6 * 6,
      recordUnits: 152e6,
    })
    const settings: Settings = { ...DEFAULTS, retentionDays: 1, readers: 1 }
    const byShards = kinesis(traffic, settings)
    expect(usdOf(byShards, 'Kinesis shards')).toBeCloseTo(21.9, 6)
    expect(usdOf(byShards, 'Kinesis PUT units')).toBeCloseTo(2.128, 6)
    // 869.8 GB at $0.08, and 730 hours of the stream at $0.04.
    expect(usdOf(byShards, 'Kinesis on demand')).toBeCloseTo(69.58 + 29.2, 1)
    expect(usdOf(byShards, '1 readers')).toBeCloseTo(34.79, 1)
    const counted = (capacity: Settings['capacity']) =>
      kinesis(traffic, { ...settings, capacity }).flatMap(({ what, counted }) =>
        counted ? [what.trim()] : [],
      )
    expect(counted('provisioned')).toEqual(['Kinesis shards', 'Kinesis PUT units'])
    expect(counted('on-demand')).toEqual(['Kinesis on demand', '1 readers'])
  })

  it('Kinesis: more than a day of data costs by the shard, or by what is kept', () => {
    const traffic = month({ records: 1, recordBytes: 1, recordKib: (GB / 1024) * DAYS, recordUnits: 1 })
    const lines = kinesis(traffic, { ...DEFAULTS, retentionDays: 7 })
    const [byShard, byGb] = lines.filter(({ what }) => what.endsWith('7 days'))
    expect(byShard!.usd).toBeCloseTo(730 * 0.02, 9)
    expect(byGb!.usd).toBeCloseTo(6 * 0.1, 9)
  })

  it('quarantine: each rejected event is an entry of 5 KiB to Firehose, and kept', () => {
    const traffic = month({ events: 3040e6, records: 152e6, recordBytes: 152e6 * 1400 })
    const lines = quarantine(traffic, { quarantineShare: 0.01, quarantineDays: 91.2 })
    expect(usdOf(lines, 'quarantine Firehose')).toBeCloseTo(((30.4e6 * 5120) / GB) * 0.029, 6)
    expect(usdOf(lines, 'quarantine S3')).toBeCloseTo(((3 * 30.4e6 * 1800) / GB) * 0.023, 6)
  })

  it('spill: an object for each request that spills, written and read, and a look a minute', () => {
    const looks = 30.4 * 24 * 60
    const lines = spill(month({ requests: 1e6, records: 1e6 }), { spillShare: 0.5 })
    expect(usdOf(lines, 'spill S3')).toBeCloseTo((looks + 5e5) * 0.000005 + 5e5 * 0.0000004, 9)
    expect(usdOf(spill(month({ requests: 1e6, records: 1e6 }), { spillShare: 0 }), 'spill S3')).toBeCloseTo(
      looks * 0.000005,
      9,
    )
  })

  const sunk = month({ events: 3040e6, records: 152e6, recordBytes: 152e6 * 6135 })
  const once: Settings = { ...DEFAULTS, capacity: 'provisioned', shards: 2, sinkMemoryMb: 1024 }

  it('archive: an invocation and an object for each shard and window, more where 6 MB come sooner', () => {
    const quiet = month({ events: 20, records: 1e6, recordBytes: 1e6 })
    const lines = archive(quiet, once)
    // 2 shards, a window of 60 s; and a little for the bytes.
    const invocations = (2 * SECONDS) / 60 + (1e6 * (4 / 3) + 1e6 * 500) / 6e6
    expect(usdOf(lines, 'archive PUTs')).toBeCloseTo(invocations * 0.000005, 9)
    expect(usdOf(lines, 'archive Lambda')).toBeCloseTo(
      invocations * 0.0000002 + ((invocations * 150 + 20 * 0.07) / 1000) * 0.0000133334,
      9,
    )
    const busy = archive(sunk, once)
    expect(usdOf(busy, 'archive PUTs')).toBeGreaterThan(2 * usdOf(lines, 'archive PUTs'))
  })

  it('archive: what is in it gets cheaper with age', () => {
    const gb = (3040e6 * 100) / GB
    const of = (archiveMonths: number) => usdOf(archive(sunk, { ...once, archiveMonths }), 'archive S3')
    expect(of(1)).toBeCloseTo(gb * 0.023, 6)
    expect(of(24) - of(23)).toBeCloseTo(gb * 0.004, 6)
    expect(of(11) - of(10)).toBeCloseTo(gb * 0.0125, 6)
  })

  it('archive: Firehose bills records in steps of 5 KiB, and what it delivers', () => {
    const lines = archive(sunk, { ...once, archive: 'firehose' })
    const [billed, delivered] = [(152e6 * 10_240) / GB, (3040e6 * 1064) / GB]
    const objects = SECONDS / 60 + (3040e6 * 1064) / (64 * 1024 * 1024)
    expect(usdOf(lines, 'archive Firehose')).toBeCloseTo(
      billed * 0.029 + delivered * 0.02 + objects * 0.000005,
      6,
    )
    expect(archive(sunk, { ...once, archive: 'off' })).toEqual([])
  })

  it('search: nodes by the hour and disks by the GB, of another type at its own price', () => {
    expect(search(sunk, once)).toEqual([])
    const nodes = (more: Partial<Settings>) =>
      usdOf(search(sunk, { ...once, searchNodes: 2, ...more }), 'search nodes')
    expect(nodes({})).toBeCloseTo(2 * 730 * 0.073 + 100 * 0.122, 9)
    expect(nodes({ searchNodeUsd: 0.5, searchVolumeGb: 100 })).toBeCloseTo(2 * 730 * 0.5 + 200 * 0.122, 9)
  })

  it('observability: logs by the GB, metrics by their number', () => {
    const settings = { ...DEFAULTS, logBytesPerRequest: 100, accessLogBytes: 50, publishers: 10, logDays: 14 }
    const of = (shape: Shape) => observability(shape, month({ requests: GB }), settings)
    expect(usdOf(of('function-url'), 'logs in')).toBeCloseTo(50, 6)
    expect(usdOf(of('http-api'), 'logs in')).toBeCloseTo(75, 6)
    expect(usdOf(of('function-url'), 'logs kept')).toBeCloseTo((100 / 30.4) * 14 * 0.15 * 0.03, 6)
    expect(usdOf(of('function-url'), 'metrics')).toBeCloseTo((101 + 8) * 0.3, 6)
  })
})

/** 100 million events a day: a view of one event, so that events are what is counted. */
const VIEWS_PER_DAY = 100e6
const reference = (eventsPerRequest: number): ViewSends =>
  withGiven(
    {
      requests: 1,
      events: 1,
      body_bytes: (305 * GB) / (152e6 * 20),
      records: 1,
      record_bytes: 6135 / 20,
      record_kib: 1,
      record_units: 1,
      single_bytes: 1000,
      single_kib: 1,
    },
    { eventsPerRequest, recordBytes: 6135 },
  )

describe('100 M events a day in batches of 20, as worked out by hand', () => {
  const settings: Settings = { ...DEFAULTS, capacity: 'provisioned', retentionDays: 1 }
  const ofWhat = (shape: Shape, handlerMs: number) => {
    const { lines } = bill(shape, reference(20), VIEWS_PER_DAY, { ...settings, handlerMs })
    return (what: string) => usdOf(lines, what)
  }

  it('REST, a request and a record an event', () => {
    const of = ofWhat('rest', 5)
    expect(of('gateway')).toBeCloseTo(7888.3, 1)
    expect(of('Lambda requests')).toBeCloseTo(608, 1)
    expect(of('Lambda time')).toBeCloseTo(101.33, 1)
    expect(of('Kinesis shards')).toBeCloseTo(43.8, 1)
    expect(of('Kinesis PUT units')).toBeCloseTo(42.56, 1)
  })

  it.each([
    ['http-api', 152],
    ['function-url', 0],
    ['cloudfront', 158.1],
  ] as const)('%s, a batch a request', (shape, front) => {
    const of = ofWhat(shape, 10)
    const handedOn = shape === 'cloudfront' ? of('bodies to origin') : 0
    expect(of('gateway') + handedOn).toBeCloseTo(front, 1)
    expect(of('Lambda requests')).toBeCloseTo(30.4, 1)
    expect(of('Lambda time')).toBeCloseTo(10.13, 1)
    expect(of('Kinesis shards')).toBeCloseTo(21.9, 1)
    expect(of('Kinesis PUT units')).toBeCloseTo(2.13, 1)
  })
})

describe('a view', () => {
  const sends = (requests: number) => ({ ...reference(1), requests })
  const measured = {
    first_minute: sends(7),
    later_minute: sends(2),
    end: sends(1),
  }

  it.each([
    [20, 7 + 38 + 1],
    [1, 8],
    [0.5, 4.5],
    [0, 1],
  ])('of %d min sends its first minute, its later ones and its end: %d requests', (minutes, requests) => {
    expect(viewOf(measured, minutes).requests).toBeCloseTo(requests, 9)
  })

  it('a day is a thirtieth of a month, a little more', () => {
    expect(trafficOf(sends(1), 1).views).toBe(DAYS)
  })
})

describe('the bill', () => {
  const view = reference(2)
  const usd = (settings: Partial<Settings>, views = 1e6, shape: Shape = 'http-api') =>
    bill(shape, view, views, { ...DEFAULTS, ...settings }).usd

  it('is the sum of the lines that count', () => {
    const { lines, usd } = bill('http-api', view, 1e6, DEFAULTS)
    expect(lines.some(({ counted }) => !counted)).toBe(true)
    expect(lines.filter(({ counted }) => counted).reduce((sum, line) => sum + line.usd, 0)).toBeCloseTo(
      usd,
      6,
    )
  })

  it.each(Object.keys(SHAPES) as Shape[])('of %s never falls when there are more views', (shape) => {
    let before = 0
    for (let views = 1; views < 1e10; views *= 3) {
      const now = usd({}, views, shape)
      expect(now).toBeGreaterThan(before)
      before = now
    }
  })

  it.each([
    ['retentionDays', 1, 7],
    ['memoryMb', 128, 1024],
    ['handlerMs', 5, 50],
    ['quarantineShare', 0, 0.1],
    ['quarantineDays', 1, 90],
    ['accessLogBytes', 0, 500],
    ['spillShare', 0, 0.1],
    ['logBytesPerRequest', 0, 2000],
    ['logDays', 1, 365],
    ['answerBytes', 100, 1000],
    ['publishers', 1, 1000],
    ['alarms', 1, 100],
    ['archiveMonths', 1, 36],
    ['archivedBytes', 50, 500],
    ['archiveMs', 10, 1000],
    ['sinkMemoryMb', 128, 1024],
    ['sinkEventMs', 0, 1],
    ['searchNodes', 0, 2],
  ] as const)('rises with %s', (name, less, more) => {
    expect(usd({ [name]: more }, 1e8)).toBeGreaterThan(usd({ [name]: less }, 1e8))
  })

  it('rises with the peak where the stream is billed by shards', () => {
    expect(usd({ capacity: 'provisioned', peak: 30 })).toBeGreaterThan(
      usd({ capacity: 'provisioned', peak: 1 }),
    )
  })

  it('rises with shards where the stream is billed by them', () => {
    expect(usd({ capacity: 'provisioned', shards: 3 })).toBeGreaterThan(
      usd({ capacity: 'provisioned', shards: 2 }),
    )
  })

  it('rises with readers where the stream is billed on demand', () => {
    expect(usd({ capacity: 'on-demand', readers: 3 })).toBeGreaterThan(
      usd({ capacity: 'on-demand', readers: 1 }),
    )
  })
})

describe('each price', () => {
  it.each(Object.entries(PRICES) as [string, Price][])(
    '%s names its page and its day, and is cheaper in each tier',
    (_, price) => {
      expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\//)
      expect(price.read).toMatch(/^\d{4}-\d\d-\d\d$/)
      price.tiers.forEach(({ upTo, usd }, index) => {
        const next = price.tiers[index + 1]
        expect(upTo === undefined).toBe(next === undefined)
        if (next) expect(next.usd).toBeLessThan(usd)
        if (next?.upTo) expect(next.upTo).toBeGreaterThan(upTo!)
      })
    },
  )
})
