import type { ViewAnswer } from './api.ts'
import { seconds } from './format.ts'

type StoredEvent = ViewAnswer['events'][number]

const COMMON = new Set([
  ...['seq', 'type', 'ts', 't_ms', 'playhead_ms', 'state', 'view_id', 'visit_id', 'publisher', 'received_at'],
  ...['sent_at', 'stored_at', 'spec', 'sdk', 'client', 'context', 'dropped', 'totals'],
])

/** The event's own fields in a few words. */
const detail = (event: StoredEvent) =>
  Object.entries(event)
    .filter(([key]) => !COMMON.has(key))
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .join(' · ')

const Row = ({ event }: { event: StoredEvent }) => (
  <tr>
    <td class="number">{event.seq}</td>
    <td>{event.type}</td>
    <td>
      <span class="swatch" style={{ background: `var(--${event.state})` }} />
      {event.state}
    </td>
    <td class="number">{seconds(event.t_ms)}</td>
    <td class="number">{event.playhead_ms === null ? '–' : seconds(event.playhead_ms)}</td>
    <td class="number">{Math.max(0, event.stored_at - event.ts)} ms</td>
    <td class="detail" title={detail(event)}>
      {detail(event)}
    </td>
  </tr>
)

/** The events of a view as they are in the store, newest first. */
export const Events = ({ events }: { events: StoredEvent[] }) => (
  <div class="rows">
    <table>
      <thead>
        <tr>
          <th class="number">seq</th>
          <th>event</th>
          <th>state</th>
          <th class="number">at</th>
          <th class="number">playhead</th>
          <th class="number" title="from the event to its row in the store">
            stored after
          </th>
          <th class="detail">its own fields</th>
        </tr>
      </thead>
      <tbody>
        {events.toReversed().map((event) => (
          <Row key={event.seq} event={event} />
        ))}
      </tbody>
    </table>
  </div>
)
