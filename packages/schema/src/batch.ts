import { z } from 'zod'
import { context } from './context.ts'
import type { PlayerEvent } from './events/index.ts'
import { count, text, ulid } from './fields.ts'
import { MAX_EVENTS_PER_BATCH } from './limits.ts'

/** A batch but for its events, which are checked one by one so that a bad one does not sink the rest. */
export const batchHeader = z.object({
  spec: z
    .string()
    .regex(/^[0-9]{1,3}\.[0-9]{1,3}$/)
    .describe('wire version the producer was built against'),
  sdk: z.object({ name: text(64), version: text(32) }).describe('the producer'),
  visit_id: ulid().describe('ties the views of one page lifetime together'),
  view_id: ulid().describe('one playback attempt of one content in one player'),
  sent_at: count().describe("the device's clock when the batch left, epoch ms"),
  context,
  dropped: z
    .record(z.string().max(32), count())
    .optional()
    .describe('events of this view that the producer lost so far, by reason'),
  events: z.array(z.unknown()).min(1).max(MAX_EVENTS_PER_BATCH).describe('consecutive events of the view'),
})

/** Consecutive events of one view and the context that makes them stand alone: one line of a request's body. */
export type Batch = Omit<z.infer<typeof batchHeader>, 'events'> & { events: PlayerEvent[] }
