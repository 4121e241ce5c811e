import { z } from 'zod'
import { count, playhead, state, text } from './fields.ts'

/** What every event carries, whatever its type. */
export const envelope = {
  seq: count().describe(
    'number of the event in its view, from 0, without gaps; (view_id, seq) is its identity',
  ),
  ts: count().describe("the device's clock, epoch ms; never used for durations"),
  t_ms: count().describe('ms since the view began, by a monotonic clock'),
  playhead_ms: playhead().describe('position in the media, ms; null when unknown'),
  playhead_kind: z
    .enum(['offset', 'epoch'])
    .optional()
    .describe('what playhead_ms counts from; offset unless said'),
  state: state().describe('state of the view after the event'),
  in_ad: z.boolean().optional().describe('true while an ad is on screen'),
  ext: z
    .record(
      z
        .string()
        .max(64)
        .regex(/^[a-z0-9]+(\.[a-z0-9_-]+)+$/),
      z.unknown(),
    )
    .optional()
    .describe("partners' own fields under reverse-DNS keys"),
}

/** An event of a type this version does not know: the envelope is checked, the rest is kept. */
export const unknownEvent = z.object({ type: text(64), ...envelope })

/** Declares an event type: the envelope, the type's name and its own fields. */
export const defineEvent = <const T extends string, S extends z.ZodRawShape>(
  type: T,
  firesWhen: string,
  fields: S,
) => z.object({ ...envelope, type: z.literal(type), ...fields }).describe(firesWhen)
