import { describe, expect, it } from 'vitest'
import everyType from '../vectors/1.0/valid/every-type.json' with { type: 'json' }
import type { Batch } from './batch.ts'
import { flattenRecord } from './flattenRecord.ts'
import { decodeRecord, encodeRecord, type StreamRecord } from './record.ts'

const record: StreamRecord = {
  v: 1,
  received_at: 1790000036200,
  publisher: 'demo',
  client: { ip_prefix: '203.0.113.0/24', country: 'DE' },
  batch: everyType as unknown as Batch,
}

describe('a record', () => {
  it('is one line of JSON and comes back as it was', () => {
    const bytes = Buffer.from(encodeRecord(record))
    expect(bytes.indexOf('\n')).toBe(bytes.length - 1)
    expect(decodeRecord(bytes)).toEqual({ ok: true, record })
  })

  it.each([
    ['nothing', '', ''],
    ['no JSON', '{', ''],
    ['null', 'null', '/v'],
    ['another version', '{"v":2}', '/v'],
    ['no time', '{"v":1}', '/received_at'],
    ['no publisher', '{"v":1,"received_at":1}', '/publisher'],
    ['no batch', '{"v":1,"received_at":1,"publisher":"p"}', '/batch/view_id'],
    ['no events', '{"v":1,"received_at":1,"publisher":"p","batch":{"view_id":"x"}}', '/batch/events'],
    [
      'no event',
      '{"v":1,"received_at":1,"publisher":"p","batch":{"view_id":"x","events":[null]}}',
      '/batch/events',
    ],
  ])('of %s is refused with the place', (_, text, path) => {
    expect(decodeRecord(Buffer.from(text))).toMatchObject({
      ok: false,
      rejection: { code: 'unreadable', path },
    })
  })

  it('opens into events that stand alone', () => {
    const events = flattenRecord(record)
    expect(events).toHaveLength(everyType.events.length)
    expect(events[3]).toMatchObject({
      type: 'first_frame',
      seq: 3,
      startup_ms: 420,
      view_id: everyType.view_id,
      visit_id: everyType.visit_id,
      publisher: 'demo',
      received_at: 1790000036200,
      sent_at: everyType.sent_at,
      client: { country: 'DE' },
      context: { content: { id: 'ep-101' } },
      dropped: { too_large: 1 },
    })
  })

  it('lets no event speak for the server', () => {
    const [first] = record.batch.events
    const forged = { ...first, publisher: 'someone', received_at: 0, client: { country: 'XX' } } as unknown
    const [event] = flattenRecord({
      ...record,
      batch: { ...record.batch, events: [forged] as Batch['events'] },
    })
    expect(event).toMatchObject({ publisher: 'demo', received_at: 1790000036200, client: { country: 'DE' } })
  })
})
