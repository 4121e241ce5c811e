import * as z from 'zod'
import { count, playhead, state, text } from './fields.ts'
import { MAX_DEPTH, MAX_EXT_BYTES, MAX_EXT_DEPTH } from './limits.ts'
import { describeFields, type FieldDefaults } from './metadata.ts'

/** What every event carries, whatever its type. */
export const envelope = describeFields(
  {
    seq: count()
      .describe('number of the event in its view, from 0, without gaps; (view_id, seq) is its identity')
      .meta({ purpose: 'order' }),
    ts: count().describe("the device's clock; never used for durations").meta({ purpose: 'clock' }),
    t_ms: count().describe('since the view began, by a monotonic clock').meta({ purpose: 'clock' }),
    playhead_ms: playhead().describe('position in the media; null when unknown').meta({ class: 'viewing' }),
    playhead_kind: z
      .enum(['offset', 'epoch'])
      .optional()
      .describe('what playhead_ms counts from; offset unless said'),
    state: state().describe('state of the view after the event'),
    in_ad: z.boolean().optional().describe('true while an ad is on screen').meta({ purpose: 'ads' }),
    ext: z
      .record(
        z
          .string()
          .max(64)
          .regex(/^[a-z0-9]+(\.[a-z0-9_-]+)+$/)
          .meta({ examples: ['com.example.area'] }),
        z.unknown(),
      )
      .optional()
      .describe("partners' own fields under reverse-DNS keys")
      .meta({ purpose: 'extension', class: 'viewing', maxBytes: MAX_EXT_BYTES, maxDepth: MAX_EXT_DEPTH }),
  },
  { purpose: 'state' },
)

const typeField = { purpose: 'state', class: 'technical', unit: 'none', since: '1.0' } as const

/** An event of a type this version does not know: the envelope is checked, the rest is kept. */
export const unknownEvent = z
  .object({ ...envelope, type: text(64).meta({ ...typeField, description: 'what happened' }) })
  .meta({ description: 'an event of a type that this version does not know', maxDepth: MAX_DEPTH })

/**
 * Declares an event type: the envelope, the type's name and its own fields. `firesWhen` is normative: another moment is
 * another event. `defaults` is the metadata of fields that do not say their own.
 */
export const defineEvent = <const T extends string, S extends z.ZodRawShape>(
  type: T,
  firesWhen: string,
  defaults: FieldDefaults,
  fields: S,
) =>
  z
    .object({
      ...envelope,
      type: z
        .literal(type)
        .meta({ ...typeField, description: 'what happened', since: defaults.since ?? '1.0' }),
      ...describeFields(fields, defaults),
    })
    .meta({ description: firesWhen, since: defaults.since ?? '1.0', maxDepth: MAX_DEPTH })
