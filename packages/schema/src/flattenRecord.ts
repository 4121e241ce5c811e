import type { Batch } from './batch.ts'
import type { Client } from './client.ts'
import type { PlayerEvent } from './events/index.ts'
import type { StreamRecord } from './record.ts'

/** An event that stands alone: one line of the archive, one row of a store. */
export type FlatEvent = PlayerEvent & {
  publisher: string
  received_at: number
  client: Client
} & Pick<Batch, 'view_id' | 'visit_id' | 'sent_at' | 'spec' | 'upcast_from' | 'sdk' | 'context' | 'dropped'>

/** Opens a record: each of its events with the context of the batch and what the server added. */
export const flattenRecord = ({ batch, received_at, publisher, client }: StreamRecord): FlatEvent[] => {
  const { events, view_id, visit_id, sent_at, spec, upcast_from, sdk, context, dropped } = batch
  const around = { view_id, visit_id, publisher, received_at, sent_at, spec, sdk, client, context }
  return events.map((event) => ({
    ...event,
    ...around,
    ...(dropped && { dropped }),
    ...(upcast_from && { upcast_from }),
  }))
}
