import { type FlatEvent, flattenRecord, type StreamRecord } from '@viewbeat/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aRecord } from '../../test/streamEvent.ts'
import { unflatten } from './unflatten.ts'

const collect = async (events: FlatEvent[]): Promise<StreamRecord[]> => {
  const records: StreamRecord[] = []
  for await (const record of unflatten(events)) records.push(record)
  return records
}

const whole = aRecord()

/** Some of a record's events with a header that differs now and then. */
const arbitraryRecord = fc
  .record({
    from: fc.nat(28),
    length: fc.integer({ min: 1, max: 12 }),
    view: fc.constantFrom('A', 'B'),
    sent_at: fc.constantFrom(1790000000000, 1790000000001),
    received_at: fc.constantFrom(1790000036200, 1790000036201),
    publisher: fc.constantFrom('demo', 'site'),
    dropped: fc.constantFrom(undefined, {}, { queue_full: 2 }),
    upcast_from: fc.constantFrom(undefined, '1.0'),
    country: fc.constantFrom(undefined, 'NL'),
    extra: fc.option(fc.jsonValue(), { nil: undefined }),
  })
  .map(({ from, length, view, sent_at, received_at, publisher, dropped, upcast_from, country, extra }) => {
    const { dropped: _, ...batch } = whole.batch
    return aRecord({
      received_at,
      publisher,
      client: country ? ({ country } as StreamRecord['client']) : {},
      batch: {
        ...batch,
        view_id: `${batch.view_id.slice(0, -1)}${view}`,
        sent_at,
        ...(dropped && { dropped }),
        ...(upcast_from && { upcast_from }),
        events: batch.events
          .slice(from, from + length)
          .map((event) => ({ ...event, ...(extra !== undefined && { 'com.example': extra }) })) as never,
      },
    })
  })

describe('unflatten', () => {
  it('gives the record back that was flattened', async () => {
    expect(await collect(flattenRecord(whole))).toEqual([whole])
  })

  it('flattened again gives the same events in the same order, whatever records they came in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRecord, { maxLength: 8 }), async (records) => {
        const events = records.flatMap(flattenRecord)
        const again = await collect(events)
        expect(again.flatMap(flattenRecord)).toEqual(events)
        expect(again.length).toBeLessThanOrEqual(records.length)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps a record apart from its copy behind it', async () => {
    expect(await collect([...flattenRecord(whole), ...flattenRecord(whole)])).toEqual([whole, whole])
  })
})
