import { decodeRecord, type QuarantineEntry, type StreamRecord } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import { createLedger } from './createLedger.ts'
import { createSink } from './createSink.ts'
import type { PlacedRecord } from './readRecords.ts'

const place = (record: StreamRecord = aRecord()): PlacedRecord => ({
  shardId: 'shardId-000000000000',
  sequenceNumber: '100',
  record,
})

describe('a ledger', () => {
  it('keeps of a record what was refused, so that it can be put on the stream again', () => {
    const ledger = createLedger('search')
    ledger.refuseEvent(place(), 3, 'mapper_parsing_exception')
    ledger.refuseEvent(place(), 5, 'mapper_parsing_exception')
    const [entry] = ledger.written().refused
    expect(entry).toMatchObject({
      stage: 'search',
      sequence_number: '100',
      seqs: [3, 5],
      rejections: [{ code: 'store_refused', message: 'mapper_parsing_exception' }],
    })
    const kept = decodeRecord(Buffer.from(entry!.body_base64!, 'base64'))
    const events = aRecord().batch.events.filter(({ seq }) => seq === 3 || seq === 5)
    expect(kept).toEqual({ ok: true, record: { ...aRecord(), batch: { ...aRecord().batch, events } } })
  })

  it('has no entry yet of a record that comes again', () => {
    const ledger = createLedger('search')
    ledger.refuseEvent(place(), 3, 'mapper_parsing_exception')
    ledger.fail(place())
    expect(ledger.written()).toEqual({ failed: ['100'], refused: [] })
  })

  it('lets a record that cannot be written be kept with the bytes that came', async () => {
    const deep = JSON.stringify(aRecord()).replace(
      '"client":{}',
      `"client":{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    )
    const quarantined: QuarantineEntry[] = []
    const sink = createSink({
      stage: 'search',
      now: () => 1,
      quarantine: { put: async (entries) => void quarantined.push(...entries) },
      write: async (records) => {
        const ledger = createLedger('search')
        for (const placed of records) ledger.refuseRecord(placed, 'too deep')
        return ledger.written()
      },
    })
    expect(await sink(streamEvent([Buffer.from(deep)]))).toEqual({ batchItemFailures: [] })
    expect(quarantined).toHaveLength(1)
    expect(Buffer.from(quarantined[0]!.body_base64!, 'base64').toString()).toBe(deep)
  })
})
