import * as z from 'zod'
import { context } from './context.ts'
import type { PlayerEvent } from './events/index.ts'
import { count, group, text, ulid } from './fields.ts'
import { MAX_BATCH_DEPTH, MAX_EVENTS_PER_BATCH } from './limits.ts'

/** The producer of a batch. */
export const sdk = group(
  { purpose: 'environment' },
  { name: text(64).describe('its name'), version: text(32).describe('its version') },
)

/** A batch but for its events, which are checked one by one so that a bad one does not sink the rest. */
export const batchHeader = group(
  { purpose: 'order' },
  {
    spec: z
      .string()
      .regex(/^1\.(0|[1-9][0-9]{0,2})$/)
      .describe('wire version the producer was built against')
      .meta({ examples: ['1.0'] }),
    sdk: sdk.describe('the producer').meta({ purpose: 'environment' }),
    visit_id: ulid()
      .describe('ties the views of one page lifetime together')
      .meta({ class: 'identity', purpose: 'audience' }),
    view_id: ulid().describe('one playback attempt of one content in one player').meta({ class: 'identity' }),
    sent_at: count().describe("the device's clock when the batch left").meta({ purpose: 'clock' }),
    context: context
      .describe('what makes the batch stand alone')
      .meta({ purpose: 'environment', class: 'viewing' }),
    dropped: z
      .record(z.string().max(32), count())
      .optional()
      .describe('events of this view that the producer lost so far, by reason'),
    events: z
      .array(z.unknown())
      .min(1)
      .max(MAX_EVENTS_PER_BATCH)
      .describe('consecutive events of the view')
      .meta({ class: 'viewing', purpose: 'state' }),
  },
).meta({
  description: 'consecutive events of one view, and what makes them stand alone: one line of a request',
  maxDepth: MAX_BATCH_DEPTH,
})

/** Consecutive events of one view and the context that makes them stand alone: one line of a request's body. */
export type Batch = Omit<z.infer<typeof batchHeader>, 'events'> & {
  events: PlayerEvent[]
  /** The wire version it came in, where the server brought it to a newer one. */
  upcast_from?: string
}
