import { type FlatEvent, flattenRecord, type StreamRecord } from '@viewbeat/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aRecord } from '../../test/streamEvent.ts'
import { toLines } from './toLines.ts'

/** What a reader of JSON gets of an event. */
const asJson = (events: FlatEvent[]) => events.map((event) => JSON.parse(JSON.stringify(event)))
const parsed = (record: StreamRecord) => toLines(record).map((line) => JSON.parse(line))

const AROUND = [
  ...['view_id', 'visit_id', 'publisher', 'received_at', 'sent_at', 'spec', 'sdk', 'client', 'context'],
  ...['dropped', 'upcast_from', '__proto__', 'toJSON', 'length', '0'],
]
const anything = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<unknown>
const names = fc.oneof(fc.constantFrom(...AROUND), fc.string())
const anyEvent = fc
  .tuple(fc.array(fc.tuple(names, anything), { maxLength: 6 }), fc.nat(), fc.string())
  .map(([fields, seq, type]) => ({ ...Object.fromEntries(fields), seq, type }))
const anyRecord = fc
  .record(
    {
      v: fc.constant(1),
      received_at: fc.nat(),
      publisher: fc.string(),
      client: anything,
      batch: fc.record(
        {
          events: fc.array(anyEvent, { maxLength: 4 }),
          ...Object.fromEntries(
            ['visit_id', 'sent_at', 'spec', 'sdk', 'context', 'dropped', 'upcast_from'].map((name) => [
              name,
              anything,
            ]),
          ),
          view_id: fc.string(),
        },
        { requiredKeys: ['events', 'view_id'] },
      ),
    },
    { requiredKeys: ['v', 'received_at', 'publisher', 'batch'] },
  )
  .map((record) => JSON.parse(JSON.stringify(record)) as StreamRecord)

describe('the lines of a record', () => {
  it('are its flat events', () => {
    expect(parsed(aRecord())).toEqual(asJson(flattenRecord(aRecord())))
  })

  it('are its flat events whatever is in the record', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(parsed(record)).toEqual(asJson(flattenRecord(record)))
      }),
      { numRuns: 500 },
    )
  })

  it('are lines: one newline each, at the end', () => {
    const record = aRecord()
    Object.assign(record.batch.context, { title: 'one\ntwo\u2028three' })
    for (const line of toLines(record)) expect(line.indexOf('\n')).toBe(line.length - 1)
  })

  it('say each name once', () => {
    const record = aRecord()
    Object.assign(record.batch.events[0]!, { context: 'own', received_at: 0, upcast_from: '1.0' })
    const [line] = toLines(record)
    expect(line!.match(/"(context|received_at)":/g)?.toSorted()).toEqual(['"context":', '"received_at":'])
    expect(JSON.parse(line!)).toMatchObject({ received_at: record.received_at, upcast_from: '1.0' })
  })
})
