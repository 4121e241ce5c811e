import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { beforeEach, describe, expect, it } from 'vitest'
import { noFacts, type RequestFacts } from './observer.ts'
import { powertoolsObserver } from './powertoolsObserver.ts'

interface Emf {
  _aws: { CloudWatchMetrics: [{ Dimensions: string[][]; Metrics: { Name: string }[] }] }
  [name: string]: unknown
}

let now = 0
let lines: Emf[]

/** Powertools writes through a console of its own. */
const listenTo = <T extends object>(tool: T): T => {
  const write = (line: string) => lines.push(JSON.parse(line))
  Object.assign(tool, { console: { log: write, info: write, error: write, warn: write, debug: write } })
  return tool
}

const open = () =>
  powertoolsObserver(
    () => now,
    listenTo(new Metrics({ namespace: 'Viewbeat', serviceName: 'viewbeat-ingest' })),
    listenTo(new Logger({ serviceName: 'viewbeat-ingest' })),
  )

const success = (more: Partial<RequestFacts> = {}): RequestFacts => ({
  ...noFacts('id'),
  status: 202,
  publisher: 'demo',
  bytes: 1000,
  batches: 1,
  accepted: 20,
  skews_ms: [150],
  duration_ms: 8,
  ...more,
})

/** The sum of a metric over all lines that have exactly these dimensions. */
const sumOf = (name: string, dimensions: Record<string, string> = {}) =>
  lines
    .filter(({ _aws, ...line }) => {
      const sets = _aws?.CloudWatchMetrics[0].Dimensions ?? []
      const wanted = { service: 'viewbeat-ingest', ...dimensions }
      return sets.some(
        (set) =>
          set.toSorted().join() === Object.keys(wanted).toSorted().join() &&
          set.every((key) => line[key] === wanted[key as keyof typeof wanted]),
      )
    })
    .flatMap(({ [name]: value }) => (value === undefined ? [] : ([value].flat() as number[])))
    .reduce((sum, value) => sum + value, 0)

beforeEach(() => {
  now = 0
  lines = []
})

describe('the metrics', () => {
  it('count requests together, a line or two a second', () => {
    const observer = open()
    for (let request = 0; request < 50; request++) {
      observer.answered(success())
      now += 40
    }
    expect(lines.length).toBeLessThanOrEqual(4)
    now += 1000
    observer.answered(success())
    expect(sumOf('Requests')).toBe(51)
    expect(sumOf('EventsAccepted')).toBe(51 * 20)
    expect(sumOf('EventsAccepted', { publisher: 'demo' })).toBe(51 * 20)
    expect(sumOf('BytesReceived')).toBe(51_000)
    expect(sumOf('Duration')).toBe(51 * 8)
  })

  it('say what was rejected by code and by publisher', () => {
    open().answered(success({ rejected: { too_small: 2, missing: 1 }, quarantined: 1 }))
    expect(sumOf('EventsRejected')).toBe(3)
    expect(sumOf('EventsRejected', { publisher: 'demo' })).toBe(3)
    expect(sumOf('EventsRejected', { code: 'too_small' })).toBe(2)
    expect(sumOf('QuarantineEntries', { publisher: 'demo' })).toBe(1)
  })

  it.each([
    ['Throttled', { status: 429 }],
    ['RecordsRetried', { retried: 1 }],
    ['EventsSampledOut', { sampledOut: 1 }],
    ['EventsUnknown', { unknownEvents: 1 }],
  ])('say %s', (name, facts) => {
    open().answered(success(facts))
    expect(sumOf(name)).toBe(1)
  })

  it.each([
    ['Unavailable', { status: 503, failed: ['stream' as const] }],
    ['RecordsSpilled', { spilled: 1, failed: ['stream' as const] }],
    ['SpillFailed', { status: 503, failed: ['stream' as const, 'spill' as const] }],
    ['QuarantineFailed', { status: 503, failed: ['quarantine' as const] }],
  ])('say %s at once', (name, facts) => {
    const observer = open()
    observer.answered(success())
    lines = []
    observer.answered(success(facts))
    expect(sumOf(name)).toBe(1)
  })

  it('say what SDKs report as lost, by reason and SDK', () => {
    const dropped = [
      { sdk: 'viewbeat-js/0.1.0', reason: 'expired', events: 4 },
      { sdk: 'other', reason: 'other', events: 1 },
    ]
    open().answered(success({ dropped }))
    expect(sumOf('EventsDropped')).toBe(5)
    expect(sumOf('EventsDropped', { sdk: 'viewbeat-js/0.1.0', reason: 'expired' })).toBe(4)
  })

  it.each([
    ['stale', 'KeysStale'],
    ['invalid', 'KeysInvalid'],
  ] as const)('say that the keys are %s', (trouble, name) => {
    open().keysInTrouble(trouble, ['pk_a.origins: Required'])
    expect(sumOf(name)).toBe(1)
    expect(lines.at(-1)).toMatchObject({ level: 'ERROR', faults: ['pk_a.origins: Required'] })
  })

  it('hold at most a hundred values a line, which is what CloudWatch takes', () => {
    const observer = open()
    observer.answered(success())
    for (let request = 0; request < 250; request++) observer.answered(success({ skews_ms: [1, 2, 3] }))
    for (const line of lines)
      for (const value of Object.values(line))
        if (Array.isArray(value)) expect(value.length).toBeLessThanOrEqual(100)
    expect(sumOf('Requests')).toBe(1 + 2 * 99)
  })
})

describe('the log', () => {
  const refused = success({ status: 400, rejected: { unreadable: 1 } })

  it('has a line for what is refused, with the request that it was', () => {
    open().answered(refused)
    expect(lines[0]).toMatchObject({ level: 'INFO', request_id: 'id', status: 400, publisher: 'demo' })
  })

  it('does not grow with what strangers send: five refusals a second', () => {
    const observer = open()
    observer.answered(success())
    for (let request = 0; request < 50; request++) observer.answered(refused)
    expect(lines.filter(({ level }) => level === 'INFO')).toHaveLength(5)
  })

  it('has an error for what was not stored as it should be', () => {
    open().answered(success({ status: 503, failed: ['stream'], reason: 'kinesis answered 500' }))
    expect(lines[0]).toMatchObject({ level: 'ERROR', failed: ['stream'], reason: 'kinesis answered 500' })
  })
})
