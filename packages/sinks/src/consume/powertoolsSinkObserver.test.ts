import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { beforeEach, describe, expect, it } from 'vitest'
import type { SinkFacts } from './observer.ts'
import { powertoolsSinkObserver } from './powertoolsSinkObserver.ts'

let lines: Record<string, unknown>[]

/** Powertools writes through a console of its own. */
const listenTo = <T extends object>(tool: T): T => {
  const write = (line: string) => lines.push(JSON.parse(line))
  Object.assign(tool, { console: { log: write, info: write, error: write, warn: write, debug: write } })
  return tool
}

const NAME = 'viewbeat-archive'
const tell = (instead: Partial<SinkFacts> = {}) =>
  powertoolsSinkObserver(
    NAME,
    listenTo(new Metrics({ namespace: 'Viewbeat', serviceName: NAME })),
    listenTo(new Logger({ serviceName: NAME })),
  ).consumed({
    records: 100,
    events: 2000,
    poison: 0,
    refused: 0,
    failed: 0,
    bulkRejections: 0,
    reason: undefined,
    failedFrom: undefined,
    quarantined: [],
    lag_ms: 1200,
    duration_ms: 80,
    ...instead,
  })

beforeEach(() => {
  lines = []
})

describe('the metrics of a sink', () => {
  it('are one line an invocation, by the name of its service, zeros included', () => {
    tell()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: 'Viewbeat', Dimensions: [['service']] }] },
      service: NAME,
      Records: 100,
      Events: 2000,
      Poison: 0,
      Refused: 0,
      Failed: 0,
      BulkRejections: 0,
      Lag: 1200,
      Duration: 80,
    })
  })

  it('are of the invocation alone', () => {
    tell({ failed: 3 })
    lines = []
    tell()
    expect(lines[0]).toMatchObject({ Failed: 0, Records: 100 })
  })
})

describe('the log of a sink', () => {
  it('has an error for what is handed back: how many of how many, from where on, and why', () => {
    tell({ failed: 3, failedFrom: '4957', reason: 's3: SlowDown' })
    expect(lines[1]).toMatchObject({
      level: 'ERROR',
      records: 100,
      failed: 3,
      failed_from: '4957',
      reason: 's3: SlowDown',
    })
  })

  it('has a warning for what went to quarantine, with the numbers of its records', () => {
    tell({
      poison: 1,
      refused: 2,
      quarantined: [
        { sequenceNumber: '1', code: 'unreadable' },
        { sequenceNumber: '2', code: 'not_stored' },
        { sequenceNumber: '2', code: 'not_stored' },
      ],
    })
    expect(lines[1]).toMatchObject({
      level: 'WARN',
      poison: 1,
      refused: 2,
      codes: ['unreadable', 'not_stored'],
      sequence_numbers: ['1', '2'],
    })
  })

  it('stays short when a whole batch is poison', () => {
    const quarantined = Array.from({ length: 10_000 }, (_, index) => ({
      sequenceNumber: String(index),
      code: 'unreadable' as const,
    }))
    tell({ poison: 10_000, quarantined })
    expect(lines[1]!.sequence_numbers).toHaveLength(20)
  })
})
