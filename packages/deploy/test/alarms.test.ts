import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { synthesize } from './variants.ts'
import type { MappingProperties } from './watch/createReader.ts'
import { createWorld, type World } from './watch/createWorld.ts'
import { type AlarmProperties, isInAlarm, nameOfRef } from './watch/evaluateAlarm.ts'
import type { Datapoint } from './watch/readEmf.ts'

const DOCUMENT = {
  pk_demo: { publisher: 'demo', origins: ['*'] },
  pk_small: { publisher: 'small', origins: ['*'], quota_events_per_s: 1 },
}
const SILENCE_MINUTES = 15
/** Of the stream: the least there is, so that a quarter of it is soon over. */
const RETENTION_HOURS = 24

const template = synthesize({
  keys: { document: DOCUMENT as never },
  alarms: { silenceMinutes: SILENCE_MINUTES },
  stream: { retentionHours: RETENTION_HOURS },
  search: {},
})
const alarms = Object.fromEntries(
  Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties as unknown as AlarmProperties)
    .map((alarm) => [alarm.AlarmName.replace('viewbeat-', ''), alarm]),
)

const mapping = (name: string) => template.Resources[name]!.Properties as unknown as MappingProperties

const MINUTE = 60_000
let world: World
let document: unknown

beforeEach(() => {
  document = DOCUMENT
  world = createWorld(() => document, {
    Archive: mapping('ArchiveMapping'),
    Search: mapping('SearchMapping'),
  })
})
afterEach(() => world.close())

/** What API Gateway sends every minute: how many requests came, and how many it answered 5xx. */
const gatewayCounts = (): Datapoint[] =>
  world.answers.flatMap(({ at_ms, status }) => [
    {
      at_ms,
      namespace: 'AWS/ApiGateway',
      metric: 'Count',
      dimensions: { ApiId: nameOfRef('Api'), Stage: '$default' },
      value: 1,
    },
    {
      at_ms,
      namespace: 'AWS/ApiGateway',
      metric: '5xx',
      dimensions: { ApiId: nameOfRef('Api'), Stage: '$default' },
      value: Number(status >= 500),
    },
  ])

/** The alarms that are in alarm now. */
const firing = (more: readonly Datapoint[] = []) => {
  const datapoints = [...world.datapoints, ...gatewayCounts(), ...more].filter(
    ({ at_ms }) => at_ms >= world.now() - 30 * MINUTE,
  )
  return Object.keys(alarms).filter((name) => isInAlarm(alarms[name]!, datapoints, world.now()))
}

/** Traffic without a fault, long enough for every alarm to have looked back on nothing else. */
const healthy = (minutes = 15) => world.live(minutes, 60)

describe('healthy traffic', () => {
  it('sets off no alarm, in any minute', async () => {
    await healthy()
    for (let minute = 0; minute < 15; minute++) {
      await world.live(1, 60)
      expect(firing()).toEqual([])
    }
    expect(world.datapoints.filter(({ metric }) => metric === 'EventsAccepted').length).toBeGreaterThan(100)
  }, 60_000)

  it('with a hiccup here and there sets off no alarm', async () => {
    await healthy()
    world.faults.throttledShare = 0.02
    await world.live(15, 60, (index) => (index % 60 === 0 ? { wrong: 1, lost: 2 } : {}))
    expect(firing()).toEqual([])
  }, 60_000)
})

/** Twice a sink is given nothing for a while, and then what there is. */
const late = async (id: string) => {
  for (let time = 0; time < 2; time++) {
    world.faults.stopped.add(id)
    await world.live(6, 60)
    world.faults.stopped.clear()
    await world.live(2, 60)
  }
}

/** Each alarm by what sets it off, and what else is then set off beside it. */
const conditions: Record<string, { when: string; happen: () => Promise<void>; also?: string[] }> = {
  unavailable: {
    when: 'neither the stream nor the spill store takes anything',
    async happen() {
      world.faults.streamIsDown = true
      world.faults.spillIsDown = true
      await world.live(1, 60)
    },
    also: ['spill-failed'],
  },
  'spill-failed': {
    when: 'a record of one request can be put nowhere',
    async happen() {
      world.faults.streamIsDown = true
      world.faults.spillIsDown = true
      await world.live(1, 1)
    },
    also: ['unavailable'],
  },
  'spill-not-empty': {
    when: 'the stream has taken nothing for a while, though no request was refused',
    async happen() {
      world.faults.streamIsDown = true
      await world.live(10, 60)
      expect(world.answers.every(({ status }) => status === 202)).toBe(true)
    },
    // Each request waits for the stream before it spills.
    also: ['put-retries', 'slow'],
  },
  'drain-stopped': {
    when: 'the drain does not run',
    async happen() {
      world.faults.drainIsDead = true
      await world.live(10, 60)
    },
  },
  'quarantine-failed': {
    when: 'one refused event cannot be kept',
    async happen() {
      world.faults.quarantineIsDown = true
      await world.live(1, 60, (index) => ({ wrong: Number(index === 7) }))
    },
    also: ['unavailable'],
  },
  'server-errors': {
    when: 'one request in thirty is answered 503',
    async happen() {
      world.faults.quarantineIsDown = true
      await world.live(10, 60, (index) => ({ wrong: Number(index % 30 === 0) }))
    },
    also: ['quarantine-failed', 'unavailable'],
  },
  'put-retries': {
    when: 'the stream throttles one record in ten',
    async happen() {
      world.faults.throttledShare = 0.1
      await world.live(10, 60)
    },
  },
  'keys-stale': {
    when: 'the keys document cannot be read',
    async happen() {
      world.faults.keysAreUnreadable = true
      await world.live(5, 60)
      expect(world.answers.every(({ status }) => status === 202)).toBe(true)
    },
  },
  'keys-invalid': {
    when: 'an entry of the keys document is broken',
    async happen() {
      document = { ...DOCUMENT, pk_demo: { publisher: 'demo', origins: 'everywhere' } }
      await world.live(2, 60)
      expect(world.answers.every(({ status }) => status === 202)).toBe(true)
    },
  },
  'sdk-losses': {
    when: 'every third view reports events that it lost',
    async happen() {
      await world.live(10, 60, (index) => ({ lost: Number(index % 3 === 0) * 5 }))
    },
  },
  'throttled-keys': {
    when: 'a key sends far more than its quota',
    async happen() {
      await world.live(10, 60, (index) => (index % 2 === 0 ? { key: 'pk_small' } : {}))
    },
  },
  slow: {
    when: 'the stream takes two seconds to answer',
    async happen() {
      world.faults.streamTakes_ms = 2000
      await world.live(10, 20)
    },
  },
  'rejected-share-demo': {
    when: 'one in ten of a publisher’s batches is wrong from end to end',
    async happen() {
      await world.live(10, 60, (index) => ({ wrong: index % 10 === 0 ? 100 : 0 }))
    },
    also: ['quarantine-growth'],
  },
  'sink-stopped-archive': {
    when: 'its mapping gives the archive nothing any more',
    async happen() {
      world.faults.stopped.add('Archive')
      // What was under way ends in the first of the four periods.
      await world.live(20, 60)
    },
  },
  'sink-stopped-search': {
    when: 'its mapping gives search nothing any more',
    async happen() {
      world.faults.stopped.add('Search')
      // What was under way ends in the first of the four periods.
      await world.live(20, 60)
    },
  },
  'sink-retries-archive': {
    when: 'the archive’s bucket has taken nothing for a while',
    async happen() {
      world.faults.archiveIsDown = true
      await world.live(12, 60)
    },
    also: ['sink-lag-archive'],
  },
  'sink-retries-search': {
    when: 'OpenSearch has not answered for a while',
    async happen() {
      world.faults.searchIsDown = true
      await world.live(15, 60)
    },
    also: ['bulk-rejections-search', 'sink-lag-search'],
  },
  'sink-refused-archive': {
    when: 'something that is no record is on the stream',
    async happen() {
      world.stream.push({ data: Buffer.from('poison'), at_ms: world.now() })
      await world.live(5, 60)
    },
    // Each sink keeps it for itself.
    also: ['sink-refused-search'],
  },
  'sink-refused-search': {
    when: 'OpenSearch will never take an event',
    async happen() {
      world.faults.refusesNext = true
      await world.live(5, 60)
    },
  },
  'sink-lag-archive': {
    when: 'the archive is given records late',
    happen: () => late('Archive'),
  },
  'sink-lag-search': {
    when: 'search is given records late',
    happen: () => late('Search'),
  },
  'bulk-rejections-search': {
    when: 'OpenSearch puts off one operation in ten',
    async happen() {
      world.faults.putOffShare = 0.1
      await world.live(10, 60)
    },
  },
  'quarantine-growth': {
    when: 'one batch in ten leaves something in quarantine, though of its events few',
    async happen() {
      await world.live(10, 60, (index) => ({ wrong: Number(index % 10 === 0) }))
    },
  },
  silence: {
    when: 'nobody posts any more',
    happen: () => world.live(SILENCE_MINUTES, 0),
  },
}

describe('an alarm', () => {
  it.each(Object.entries(conditions).map(([name, { when, ...rest }]) => [name, when, rest] as const))(
    '%s fires when %s',
    async (name, _, { happen, also = [] }) => {
      await healthy()
      expect(firing()).toEqual([])
      await happen()
      expect(firing().toSorted()).toEqual([name, ...also].toSorted())
    },
    60_000,
  )

  it('on one publisher’s refused events does not mind another’s', async () => {
    await healthy()
    document = { ...DOCUMENT, pk_other: { publisher: 'other', origins: ['*'] } }
    await world.live(2, 60)
    await world.live(10, 60, (index) => (index % 2 === 0 ? { key: 'pk_other', wrong: 100 } : {}))
    expect(firing()).toEqual(['quarantine-growth'])
  }, 60_000)

  it('is quiet again when its condition is over', async () => {
    await healthy()
    await conditions['spill-not-empty']!.happen()
    world.faults.streamIsDown = false
    await world.live(15, 60)
    expect(firing()).toEqual([])
  }, 60_000)
})

/** A sink whose store is down for good, in a world with little traffic. */
const stores = {
  archive: () => {
    world.faults.archiveIsDown = true
  },
  search: () => {
    world.faults.searchIsDown = true
  },
}

/** Lives until an alarm fires, and says how long that took; gives up after some hours. */
const untilFiring = async (name: string, hours: number) => {
  const began = world.now()
  while (!firing().includes(name) && world.now() < began + hours * 60 * MINUTE) await world.live(1, 1)
  expect(firing()).toContain(name)
  return world.now() - began
}

describe.each(Object.entries(stores))('a store that stays down, of %s,', (sink, breakDown) => {
  it('is told of again when records are given up, and when they are lost', async () => {
    await healthy()
    breakDown()
    await untilFiring(`records-given-up-${sink}`, 4)
    expect(firing()).not.toContain(`records-lost-${sink}`)
    world.faults.onFailureIsDown = true
    await untilFiring(`records-lost-${sink}`, 4)
  }, 60_000)

  it('is told of as behind before the stream has forgotten half', async () => {
    await healthy()
    breakDown()
    const took = await untilFiring(`sink-behind-${sink}`, RETENTION_HOURS)
    expect(took).toBeLessThan((RETENTION_HOURS / 2) * 60 * MINUTE)
    expect(took).toBeGreaterThan((RETENTION_HOURS / 4) * 60 * MINUTE)
  }, 120_000)
})

/**
 * Metrics that AWS itself sends cannot be had without AWS. Here are datapoints of the shape its documentation gives them:
 * a sum a minute for a function's Errors and Throttles, the age of the oldest record for Firehose. What is tested is that
 * the alarm reads them as they come, not that AWS sends them.
 */
const documented: Record<
  string,
  Pick<Datapoint, 'metric' | 'namespace' | 'dimensions'> & { bad: number; good: number; minutes: number }
> = {
  'function-errors-ingest': {
    metric: 'Errors',
    namespace: 'AWS/Lambda',
    dimensions: { FunctionName: nameOfRef('Ingest') },
    bad: 1,
    good: 0,
    minutes: 1,
  },
  'function-errors-drain': {
    metric: 'Errors',
    namespace: 'AWS/Lambda',
    dimensions: { FunctionName: nameOfRef('Drain') },
    bad: 1,
    good: 0,
    minutes: 3,
  },
  ...Object.fromEntries(
    (['Archive', 'Search', 'View'] as const).map((id) => [
      `function-errors-${id.toLowerCase()}`,
      {
        metric: 'Errors',
        namespace: 'AWS/Lambda',
        dimensions: { FunctionName: nameOfRef(id) },
        bad: 1,
        good: 0,
        minutes: 3,
      },
    ]),
  ),
  ...Object.fromEntries(
    (['Archive', 'Search'] as const).map((id) => [
      `throttled-function-${id.toLowerCase()}`,
      {
        metric: 'Throttles',
        namespace: 'AWS/Lambda',
        dimensions: { FunctionName: nameOfRef(id) },
        bad: 1,
        good: 0,
        minutes: 3,
      },
    ]),
  ),
  'search-blocked': {
    metric: 'ClusterIndexWritesBlocked',
    namespace: 'AWS/ES',
    dimensions: { DomainName: nameOfRef('SearchDomain'), ClientId: nameOfRef('AWS::AccountId') },
    bad: 1,
    good: 0,
    minutes: 3,
  },
  'search-storage': {
    metric: 'FreeStorageSpace',
    namespace: 'AWS/ES',
    dimensions: { DomainName: nameOfRef('SearchDomain'), ClientId: nameOfRef('AWS::AccountId') },
    // MB, of 50 GB.
    bad: 11_000,
    good: 20_000,
    minutes: 10,
  },
  'throttled-function': {
    metric: 'Throttles',
    namespace: 'AWS/Lambda',
    dimensions: { FunctionName: nameOfRef('Ingest') },
    bad: 1,
    good: 0,
    minutes: 1,
  },
  'quarantine-late': {
    metric: 'DeliveryToS3.DataFreshness',
    namespace: 'AWS/Firehose',
    dimensions: { DeliveryStreamName: nameOfRef('Quarantine') },
    bad: 2400,
    good: 75,
    minutes: 10,
  },
}

describe('an alarm on a metric of AWS', () => {
  it.each(Object.entries(documented))(
    '%s fires on what is bad and not on what is good',
    async (name, { bad, good, ...of }) => {
      await healthy()
      const lately = (value: number) =>
        Array.from({ length: of.minutes }, (_, minute) => ({
          at_ms: world.now() - (minute + 0.5) * MINUTE,
          namespace: of.namespace,
          metric: of.metric,
          dimensions: of.dimensions,
          value,
        }))
      expect(firing(lately(bad))).toEqual([name])
      expect(firing(lately(good))).toEqual([])
    },
    60_000,
  )
})

describe('the alarms', () => {
  it('are all set off by a test', () => {
    const inTheLongRun = Object.keys(stores).flatMap((sink) =>
      ['records-given-up', 'records-lost', 'sink-behind'].map((name) => `${name}-${sink}`),
    )
    const tested = [...Object.keys(conditions), ...Object.keys(documented), ...inTheLongRun]
    // The second publisher's is the first's with another name.
    expect(tested.toSorted()).toEqual(
      Object.keys(alarms)
        .filter((name) => name !== 'rejected-share-small')
        .toSorted(),
    )
  })

  it('all tell somebody, when they begin and when they end', () => {
    for (const { Type, Properties } of Object.values(template.Resources))
      if (Type === 'AWS::CloudWatch::Alarm')
        expect(Properties).toMatchObject({
          ActionsEnabled: true,
          AlarmActions: [{ Ref: 'Alarms' }],
          OKActions: [{ Ref: 'Alarms' }],
          AlarmDescription: expect.stringMatching(/Runbook: \S+#[a-z-]+$/),
        })
  })
})
