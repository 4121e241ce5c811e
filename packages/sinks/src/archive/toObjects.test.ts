import { gunzipSync } from 'node:zlib'
import type { StreamRecord } from '@viewbeat/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aRecord } from '../../test/streamEvent.ts'
import type { PlacedRecord } from '../consume/readRecords.ts'
import { toObjects } from './toObjects.ts'

const HOUR_MS = 3_600_000
const BEGIN = Date.UTC(2026, 10, 22, 5)
const never = () => {
  throw new Error('refused')
}

const [event] = aRecord().batch.events
const place = (index: number, { hour = 0, events = 2, view = 0 } = {}): PlacedRecord => ({
  shardId: 'shardId-000000000000',
  sequenceNumber: String(1000 + index * 7),
  record: aRecord({
    received_at: BEGIN + hour * HOUR_MS,
    batch: {
      ...aRecord().batch,
      view_id: `view-${view}`,
      events: Array.from({ length: events }, (_, at) => ({ ...event!, seq: index * 10 + at })),
    },
  }),
})

const linesOf = (body: Uint8Array) => gunzipSync(body).toString().split('\n').slice(0, -1)
const identities = (lines: string[]) =>
  lines.map((line) => JSON.parse(line)).map(({ view_id, seq }) => `${view_id} ${seq}`)

describe('the objects of an invocation', () => {
  it('are one for each received hour', () => {
    const records = [place(0), place(1, { hour: 1 }), place(2)]
    const keys = [...toObjects(records, never)].map(({ key }) => key.replace(/-[0-9a-f]{8}\./, '-*.'))
    expect(keys).toEqual([
      'events/dt=2026-11-22/hour=05/shardId-000000000000-1000-1014-*.ndjson.gz',
      'events/dt=2026-11-22/hour=06/shardId-000000000000-1007-1007-*.ndjson.gz',
    ])
  })

  it('are several where one would hold too much text, each with whole records', () => {
    const records = Array.from({ length: 9 }, (_, index) => place(index))
    const objects = [...toObjects(records, never, 6000)]
    expect(objects.length).toBeGreaterThan(2)
    expect(objects.flatMap((object) => object.records)).toEqual(records)
    expect(new Set(objects.map(({ key }) => key)).size).toBe(objects.length)
  })

  it('leave out a record that cannot be written, and only that', () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 100_000; depth++) deep = [deep]
    const bad = place(1)
    bad.record = { ...bad.record, client: deep as StreamRecord['client'] }
    const refused: PlacedRecord[] = []
    const [object] = [...toObjects([place(0), bad, place(2)], (placed) => refused.push(placed))]
    expect(refused).toEqual([bad])
    expect(object!.records).toEqual([place(0), place(2)])
    expect(linesOf(object!.body)).toHaveLength(4)
  })

  it('are none of batches without events', () => {
    expect([...toObjects([place(0, { events: 0 })], never)]).toEqual([])
  })

  it('have a key of their own where the same ends hold other records', () => {
    const key = (...indexes: number[]) =>
      [
        ...toObjects(
          indexes.map((index) => place(index)),
          never,
        ),
      ].map((object) => object.key)[0]
    expect(key(0, 1, 4)).toBe(key(0, 1, 4))
    expect(key(0, 1, 4)).not.toBe(key(0, 2, 4))
    expect(key(0, 1, 4)).not.toBe(key(0, 1, 2, 4))
  })
})

describe('an archive of any deliveries', { timeout: 30_000 }, () => {
  const shard = fc.array(
    fc.record({ hour: fc.nat({ max: 2 }), events: fc.nat({ max: 3 }), view: fc.nat({ max: 5 }) }),
    { minLength: 1, maxLength: 25 },
  )
  /** A delivery: from where to where, dealt out to how many lanes. Lambda repeats, bisects and resumes as it likes. */
  const deliveries = fc.array(
    fc.record({
      from: fc.nat(24),
      length: fc.integer({ min: 1, max: 25 }),
      lanes: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 12 },
  )

  it('holds every event, and no object is ever replaced by another', () => {
    fc.assert(
      fc.property(shard, deliveries, fc.boolean(), (items, given, isCutSmall) => {
        const records = items.map((item, index) => place(index, item))
        const archive = new Map<string, string>()
        // Whatever came before, Lambda delivers the whole in the end.
        for (const { from, length, lanes } of [...given, { from: 0, length: records.length, lanes: 1 }])
          for (let lane = 0; lane < lanes; lane++) {
            const batch = records
              .slice(from, from + length)
              .filter(({ record }) => Number(record.batch.view_id.slice(5)) % lanes === lane)
            for (const { key, body } of toObjects(batch, never, isCutSmall ? 3000 : undefined)) {
              const text = linesOf(body).join('\n')
              expect(archive.get(key) ?? text).toBe(text)
              archive.set(key, text)
            }
          }
        const held = [...archive.values()].flatMap((text) => identities(text.split('\n')))
        const captured = records.flatMap(({ record: { batch } }) =>
          batch.events.map(({ seq }) => `${batch.view_id} ${seq}`),
        )
        expect(new Set(held)).toEqual(new Set(captured))
      }),
      { numRuns: 150 },
    )
  })
})
