import { randomInt } from 'node:crypto'
import type { PlayerEvent, StreamRecord } from '@viewbeat/schema'
import { aRecord } from './streamEvent.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A view that nobody has used, begun when the sample's did. */
export const newViewId = (): string =>
  `01K5M0PV40${Array.from({ length: 16 }, () => CROCKFORD[randomInt(32)]).join('')}`

const sample = aRecord()

/** The sample's batch as a view of its own. */
export const aView = (instead: Partial<StreamRecord> = {}): StreamRecord => {
  const record = aRecord(instead)
  return { ...record, batch: { ...record.batch, view_id: newViewId() } }
}

/** What another producer sends: events, and no totals. */
export const aViewWithoutTotals = (): StreamRecord => {
  const view = aView()
  const events = view.batch.events.filter(({ type }) => type !== 'heartbeat' && type !== 'view_end')
  return { ...view, batch: { ...view.batch, events } }
}

/** The record with some of its events, received a little after it. */
export const part = (whole: StreamRecord, from: number, to: number): StreamRecord => ({
  ...whole,
  received_at: whole.received_at + from,
  batch: { ...whole.batch, events: whole.batch.events.slice(from, to) },
})

/** An event that neither store can take, though the ingest lets it pass: of a type that only its producer knows. */
export const unstorable = (seq: number): PlayerEvent =>
  ({
    ...sample.batch.events[3]!,
    seq,
    type: 'com.example',
    t_ms: 'soon',
    live: 7,
  }) as unknown as PlayerEvent
