import { describe, expect, it } from 'vitest'
import everyType from '../fixtures/1.0/every-type.json' with { type: 'json' }
import invalidBatches from '../fixtures/1.0/invalid-batches.json' with { type: 'json' }
import invalidEvents from '../fixtures/1.0/invalid-events.json' with { type: 'json' }
import minimal from '../fixtures/1.0/minimal.json' with { type: 'json' }
import unknownKept from '../fixtures/1.0/unknown-kept.json' with { type: 'json' }
import { eventSchemas } from './events/index.ts'
import { parseBatch } from './parseBatch.ts'

const copy = <T>(value: T): T => structuredClone(value)

const taken = (input: unknown) => {
  const parsed = parseBatch(input)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejection))
  return parsed
}

describe('parseBatch', () => {
  it('takes every known type with every field', () => {
    const parsed = taken(copy(everyType))
    expect(parsed.rejected).toEqual([])
    expect(parsed.unknown).toEqual({ events: 0, fields: 0 })
    expect(parsed.batch).toEqual(everyType)
    expect(new Set(parsed.batch.events.map(({ type }) => type))).toEqual(new Set(eventSchemas.keys()))
  })

  it('takes a batch of nothing but what is required', () => {
    expect(taken(copy(minimal)).batch).toEqual(minimal)
  })

  it('keeps and counts types and fields of a newer minor', () => {
    const parsed = taken(copy(unknownKept))
    expect(parsed.batch).toEqual(unknownKept)
    expect(parsed.unknown).toEqual({ events: 1, fields: 2 })
  })

  it.each(invalidBatches)('refuses $name', ({ batch, rejection }) => {
    expect(parseBatch(copy(batch))).toMatchObject({ ok: false, rejection })
  })

  it.each(invalidEvents)('refuses $name, and says where', ({ batch, rejection }) => {
    const parsed = taken(copy(batch))
    expect(parsed.batch.events).toEqual([])
    expect(parsed.rejected).toMatchObject([{ index: 0, ...rejection }])
  })

  it('takes the good events around a bad one', () => {
    const batch = copy(everyType)
    batch.events[3]!.t_ms = -1
    const { batch: good, rejected } = taken(batch)
    expect(good.events).toHaveLength(everyType.events.length - 1)
    expect(rejected).toMatchObject([{ index: 3, seq: 3, code: 'too_small', path: '/events/3/t_ms' }])
  })

  it('refuses the second of two events with one number, which a store would drop unseen', () => {
    const batch = copy(everyType)
    batch.events[3]!.seq = 2
    expect(taken(batch).rejected).toMatchObject([{ index: 3, seq: 2, code: 'duplicate_seq' }])
  })

  it('never says a value that was sent', () => {
    const batch = copy(minimal) as Record<string, unknown>
    batch.view_id = 'secret'
    expect(JSON.stringify(parseBatch(batch))).not.toContain('secret')
  })

  it('lets no __proto__ key through, at any depth', () => {
    const text = JSON.stringify(everyType)
      .replace('"seq":0,', '"seq":0,"__proto__":{"polluted":1},')
      .replace('"n":2', '"__proto__":{"polluted":1}')
      .replace('"id":"ep-101"', '"id":"ep-101","__proto__":{"polluted":1}')
    const { batch } = taken(JSON.parse(text))
    expect(JSON.stringify(batch)).not.toContain('polluted')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('makes lone surrogates well-formed, in values and in keys', () => {
    const text = JSON.stringify(everyType)
      .replace('"Pilot"', '"P\\ud800"')
      .replace('{"n":2}', '{"\\udc00n":"\\udc00"}')
    const { batch } = taken(JSON.parse(text))
    expect(batch.context.content.title).toBe('P\ufffd')
    expect(batch.events[16]).toMatchObject({ value: { '\ufffdn': '\ufffd' } })
  })

  it('takes a path with an @, as many sites have', () => {
    const batch = copy(everyType)
    batch.context.page.path = '/@someone/video/1'
    expect(parseBatch(batch).ok).toBe(true)
  })

  it('answers for any JSON without throwing', () => {
    for (const input of [
      undefined,
      0,
      'x',
      [],
      {},
      { spec: 1 },
      { spec: '1.0', events: [[]] },
      { events: {} },
    ])
      expect(parseBatch(input).ok).toBe(false)
  })
})
