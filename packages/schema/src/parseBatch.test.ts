import { describe, expect, it } from 'vitest'
import invalid from '../vectors/1.0/invalid.json' with { type: 'json' }
import everyType from '../vectors/1.0/valid/every-type.json' with { type: 'json' }
import newerMinor from '../vectors/1.1/valid/newer-minor.json' with { type: 'json' }
import upcasts from '../vectors/1.2/upcast.json' with { type: 'json' }
import minimal from '../vectors/1.2/valid/minimal.json' with { type: 'json' }
import whatsNew from '../vectors/1.2/valid/whats-new.json' with { type: 'json' }
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
    expect(parsed.batch.events).toHaveLength(everyType.events.length)
    expect(new Set(parsed.batch.events.map(({ type }) => type))).toEqual(
      new Set([...eventSchemas.keys()].filter((type) => type !== 'program_change')),
    )
  })

  it('takes what the newest version has, as it is', () => {
    const parsed = taken(copy(whatsNew))
    expect(parsed.batch).toEqual(whatsNew)
    expect(parsed.unknown).toEqual({ events: 0, fields: 0 })
  })

  it.each(upcasts)('brings an older batch to the newest version: $name', ({ before, after }) => {
    const input = copy(before)
    expect(taken(input).batch).toEqual(after)
    expect(input).toEqual(before)
  })

  it('lets nobody but itself say what a batch was brought from', () => {
    expect(taken({ ...copy(whatsNew), upcast_from: '0.1' }).batch).not.toHaveProperty('upcast_from')
  })

  it('takes a batch of nothing but what is required', () => {
    expect(taken(copy(minimal)).batch).toEqual(minimal)
  })

  it('keeps and counts types and fields of a newer minor', () => {
    const parsed = taken(copy(newerMinor))
    expect(parsed.batch).toEqual(newerMinor)
    expect(parsed.unknown).toEqual({ events: 1, fields: 1 })
  })

  it.each(invalid)('refuses $name, and says where', ({ batch, rejection }) => {
    const parsed = parseBatch(copy(batch))
    expect(parsed.ok ? parsed.rejected : [parsed.rejection]).toMatchObject([rejection])
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
