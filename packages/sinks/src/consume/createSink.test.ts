import type { QuarantineEntry } from '@viewbeat/schema'
import { beforeEach, describe, expect, it } from 'vitest'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import { createSink, type Write, type Written } from './createSink.ts'
import type { SinkFacts } from './observer.ts'
import type { PlacedRecord } from './readRecords.ts'

const NOW = aRecord().received_at + 700
const poison = Buffer.from('poison')
const refusal = (sequence_number?: string): QuarantineEntry => ({
  v: 1,
  stage: 'search',
  received_at: 1,
  rejections: [{ code: 'not_stored', path: '', message: 'mapper_parsing_exception' }],
  ...(sequence_number && { sequence_number }),
})

let now: number
let written: string[][]
let deadlines: number[]
let quarantined: QuarantineEntry[]
let told: SinkFacts[]
let quarantine: { put: (entries: QuarantineEntry[]) => Promise<void> }

beforeEach(() => {
  now = NOW
  written = []
  deadlines = []
  quarantined = []
  told = []
  quarantine = { put: async (entries) => void quarantined.push(...entries) }
})

const open = (answer: (records: PlacedRecord[]) => Partial<Written> = () => ({})) => {
  const write: Write = async (records, deadline) => {
    written.push(records.map(({ sequenceNumber }) => sequenceNumber))
    deadlines.push(deadline)
    now += 30
    return { failed: [], refused: [], ...answer(records) }
  }
  return createSink({
    stage: 'search',
    write,
    quarantine: { put: (entries) => quarantine.put(entries) },
    now: () => now,
    observer: { consumed: (facts) => told.push(facts) },
  })
}
const failing = (...failed: string[]) => open(() => ({ failed, reason: 'busy' }))
const from = (itemIdentifier: string) => ({ batchItemFailures: [{ itemIdentifier }] })
const NOTHING = { batchItemFailures: [] }

describe('a sink', () => {
  it('hands nothing back when all is written', async () => {
    expect(await open()(streamEvent([aRecord(), aRecord()]))).toEqual(NOTHING)
    expect(written).toEqual([['100', '101']])
  })

  it('gives its store decoded records with their shard and number', async () => {
    const seen: PlacedRecord[] = []
    const sink = open((records) => {
      seen.push(...records)
      return {}
    })
    await sink(streamEvent([aRecord()]))
    expect(seen).toEqual([{ shardId: 'shardId-000000000000', sequenceNumber: '100', record: aRecord() }])
  })

  it('hands back from the lowest failed record on, in the order of the stream', async () => {
    const event = streamEvent([aRecord(), aRecord(), aRecord(), aRecord()])
    expect(await failing('103', '101')(event)).toEqual(from('101'))
  })

  it('knows which is lowest by the order of the stream, not by how numbers are written', async () => {
    const event = streamEvent([aRecord(), aRecord()])
    event.Records[0]!.kinesis.sequenceNumber = '99'
    expect(await failing('101', '99')(event)).toEqual(from('99'))
  })

  it('hands back every record when its store throws: from the first that is none of poison', async () => {
    const sink = open(() => {
      throw new Error('socket hang up')
    })
    expect(await sink(streamEvent([poison, aRecord(), aRecord()]))).toEqual(from('101'))
    expect(quarantined).toMatchObject([{ sequence_number: '100' }])
    expect(told).toMatchObject([{ failed: 2, poison: 1, reason: 'socket hang up' }])
  })

  it('hands back the whole batch when a store names a record that was not in it', async () => {
    expect(await failing('7')(streamEvent([aRecord(), aRecord()]))).toEqual(from('100'))
    expect(told).toMatchObject([{ failed: 2 }])
  })

  it('is done with an invocation without records', async () => {
    expect(await open()(streamEvent([]))).toEqual(NOTHING)
    expect(written).toEqual([])
  })

  describe('poison', () => {
    it.each<[string, Buffer]>([
      ['bytes', Buffer.from([0xff, 0x00, 0x9d])],
      ['nothing', Buffer.alloc(0)],
      ['half a record', Buffer.from(JSON.stringify(aRecord())).subarray(0, 100)],
      ['another version', Buffer.from('{"v":2}')],
      ['a time before all', Buffer.from(JSON.stringify({ ...aRecord(), received_at: -1 }))],
      ['a time that no date has', Buffer.from(JSON.stringify({ ...aRecord(), received_at: 1e20 }))],
      ['a time with five digits of years', Buffer.from(JSON.stringify({ ...aRecord(), received_at: 3e14 }))],
      ['half a millisecond', Buffer.from(JSON.stringify({ ...aRecord(), received_at: 0.5 }))],
    ])('of %s goes to quarantine with its bytes and holds up nothing', async (_, bytes) => {
      expect(await open()(streamEvent([aRecord(), bytes, aRecord()]))).toEqual(NOTHING)
      expect(written).toEqual([['100', '102']])
      expect(quarantined).toMatchObject([
        { stage: 'search', received_at: NOW, sequence_number: '101', rejections: [{ code: 'unreadable' }] },
      ])
      expect(Buffer.from(quarantined[0]!.body_base64!, 'base64')).toEqual(bytes)
    })

    it('alone needs no store', async () => {
      expect(await open()(streamEvent([poison]))).toEqual(NOTHING)
      expect(written).toEqual([])
      expect(quarantined).toHaveLength(1)
    })

    it('that comes again is the same entry again: known by its number', async () => {
      const sink = failing('100')
      const event = streamEvent([aRecord(), poison])
      await sink(event)
      await sink(event)
      expect(quarantined.map(({ sequence_number }) => sequence_number)).toEqual(['101', '101'])
    })
  })

  describe('what the store refuses', () => {
    it('goes to quarantine and is done with', async () => {
      const sink = open(() => ({ refused: [{ ...refusal('101'), batch: { cut: true } }] }))
      expect(await sink(streamEvent([aRecord(), aRecord()]))).toEqual(NOTHING)
      expect(quarantined).toEqual([{ ...refusal('101'), batch: { cut: true } }])
    })

    it('gets the bytes of its record when the store gives none', async () => {
      const event = streamEvent([aRecord(), aRecord({ publisher: 'other' })])
      await open(() => ({ refused: [refusal('101')] }))(event)
      expect(quarantined[0]!.body_base64).toBe(event.Records[1]!.kinesis.data)
    })
  })

  describe('when quarantine fails', () => {
    beforeEach(() => {
      quarantine = { put: () => Promise.reject(new Error('firehose answered 500')) }
    })

    it('hands back what quarantine did not take, and what comes after it', async () => {
      expect(await open()(streamEvent([aRecord(), poison, aRecord()]))).toEqual(from('101'))
      expect(told).toMatchObject([
        { failed: 1, failedFrom: '101', reason: 'quarantine: firehose answered 500' },
      ])
    })

    it('hands back what was refused, and what failed before it', async () => {
      const sink = open(() => ({ failed: ['100'], refused: [refusal('101')], reason: 'busy' }))
      expect(await sink(streamEvent([aRecord(), aRecord()]))).toEqual(from('100'))
      expect(told).toMatchObject([{ failed: 2, reason: 'busy; quarantine: firehose answered 500' }])
    })

    it('hands back much that was refused from the first piece on that quarantine did not take', async () => {
      const large = () => Buffer.from(`{${'x'.repeat(600_000)}`)
      let room = 2
      quarantine = {
        put: async (entries) => {
          if (room-- === 0) throw new Error('slow down')
          quarantined.push(...entries)
        },
      }
      const sink = open(() => ({ refused: [refusal('101')] }))
      expect(await sink(streamEvent([large(), aRecord(), large(), large(), large()]))).toEqual(from('103'))
      expect(quarantined.map(({ sequence_number }) => sequence_number)).toEqual(['100', '101', '102'])
      expect(told).toMatchObject([{ failed: 2, reason: 'quarantine: slow down' }])
    })

    it('hands back the whole batch for an entry without a number', async () => {
      const sink = open(() => ({ refused: [{ ...refusal(), batch: {} }] }))
      expect(await sink(streamEvent([aRecord(), aRecord()]))).toEqual(from('100'))
    })
  })

  describe('its time', () => {
    const context = (ms: number) => ({ getRemainingTimeInMillis: () => ms })

    it('goes to the store but for what the quarantine and the answer need', async () => {
      await open()(streamEvent([aRecord()]), context(60_000))
      expect(deadlines).toEqual([NOW + 55_000])
    })

    it('is halved where it is short', async () => {
      await open()(streamEvent([aRecord()]), context(3000))
      expect(deadlines).toEqual([NOW + 1500])
    })

    it('is a minute where nobody limits it', async () => {
      await open()(streamEvent([aRecord()]))
      expect(deadlines).toEqual([NOW + 55_000])
    })
  })

  it('tells what it did', async () => {
    const old = aRecord({ received_at: NOW - 5000 })
    const sink = open(() => ({
      failed: ['102'],
      refused: [refusal('101')],
      reason: 'busy',
      bulkRejections: 4,
    }))
    await sink(streamEvent([poison, aRecord(), old]))
    expect(told).toEqual([
      {
        records: 3,
        events: 2 * aRecord().batch.events.length,
        poison: 1,
        refused: 1,
        failed: 1,
        bulkRejections: 4,
        reason: 'busy',
        failedFrom: '102',
        quarantined: [
          { sequenceNumber: '100', code: 'unreadable' },
          { sequenceNumber: '101', code: 'not_stored' },
        ],
        lag_ms: 5000,
        duration_ms: 30,
      },
    ])
  })
})
