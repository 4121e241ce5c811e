import type { FlatEvent, PlayerEvent } from '@viewbeat/schema'

/** Events as a store has them: with the context of a batch, and what the server added. */
export const toFlat = (events: readonly PlayerEvent[], more: Partial<FlatEvent> = {}): FlatEvent[] =>
  events.map(
    (event) =>
      ({
        view_id: '01K5M0PV40ZZZZZZZZZZZZZZZB',
        visit_id: '01K5M0PV40ZZZZZZZZZZZZZZZA',
        publisher: 'demo',
        received_at: event.ts + 200,
        sent_at: event.ts + 100,
        spec: '1.2',
        sdk: { name: 'viewbeat-js', version: '0.1.0' },
        client: {},
        context: { content: { id: 'ep-101' }, player: { name: 'html5' } },
        ...event,
        ...more,
      }) as FlatEvent,
  )
