import * as z from 'zod'
import { sdk } from './batch.ts'
import { client } from './client.ts'
import { context } from './context.ts'
import { count, group, openEnum, STATES, state, text, ulid } from './fields.ts'
import { fatalError, totals } from './totals.ts'
import { CARRIED_TOTALS } from './view/carriedTotals.ts'

/**
 * How a view came out. `open`: still going as far as anybody knows. `timeout`: silent for too long.
 * `exit_before_start`: left before a first frame, without an error.
 */
export const OUTCOMES = ['ended', 'quit', 'exit_before_start', 'failed', 'timeout', 'open'] as const

/** How a view came out: a word of `OUTCOMES`. */
export type Outcome = (typeof OUTCOMES)[number]

const timesInStates = Object.fromEntries(
  STATES.map((state) => [`${state}_ms`, count().describe(`time in the state ${state}`)]),
) as Record<`${(typeof STATES)[number]}_ms`, ReturnType<typeof count>>

/** What totals say already, said again of the whole view: new in the record, whenever the totals had it first. */
const carried = Object.fromEntries(
  CARRIED_TOTALS.map((name) => {
    const field: z.ZodType = totals.shape[name]
    return [name, field.meta({ ...field.meta(), since: '1.2' })]
  }),
) as z.ZodRawShape as Pick<typeof totals.shape, (typeof CARRIED_TOTALS)[number]>

/**
 * One row per view, folded from its events: outcome, times per state, counts. An absent counter is 0, an absent measure
 * unknown.
 */
export const viewRecord = group(
  { purpose: 'state' },
  {
    view_id: ulid().describe('the view').meta({ class: 'identity' }),
    visit_id: ulid().describe('the page lifetime it was part of').meta({ class: 'identity' }),
    publisher: text(64).describe('whose key it came with').meta({ purpose: 'audience' }),
    seq: count()
      .describe('the newest event it knows: the version by which stores keep the newer of two records')
      .meta({ purpose: 'order' }),
    started_at: count().describe("the device's clock when the view began").meta({ purpose: 'clock' }),
    received_at: count()
      .describe("the server's clock when the newest batch arrived")
      .meta({ purpose: 'clock' }),
    elapsed_ms: count().describe('from the begin of the view to its newest event').meta({ purpose: 'clock' }),
    clock_skew_ms: z
      .int()
      .optional()
      .describe("the server's clock less the device's when the newest batch arrived, its way here included")
      .meta({ purpose: 'clock', since: '1.2' }),
    basis: z
      .enum(['totals', 'events'])
      .optional()
      .describe("what its figures are from: the producer's totals, or events counted; absent before 1.2")
      .meta({ since: '1.2' }),
    state: state().describe('state as of the newest event'),
    outcome: z.enum(OUTCOMES).describe('how the view came out'),
    end_reason: openEnum(['ended', 'quit', 'failed', 'source_change', 'unload', 'timeout', 'stopped'])
      .optional()
      .describe('reason of view_end'),
    ...timesInStates,
    away_ms: count().describe('frozen in the back/forward cache; in no state'),
    startup_ms: count()
      .optional()
      .describe('from the first request to the first frame, pauses taken out')
      .meta({ purpose: 'startup' }),
    content_ms: count()
      .describe('media rendered, whatever the rate')
      .meta({ purpose: 'audience', class: 'viewing' }),
    max_playhead_ms: count()
      .describe('furthest position reached')
      .meta({ purpose: 'audience', class: 'viewing' }),
    play_request_count: count().describe('times anybody asked to play').meta({ purpose: 'startup' }),
    rebuffer_count: count().describe('stalls begun').meta({ purpose: 'stalls' }),
    rebuffer_ratio: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('stalled time ÷ (stalled + playing time), ads included; null where nothing was played')
      .meta({ purpose: 'stalls' }),
    seek_count: count().describe('seeks begun; a burst is one').meta({ purpose: 'seeking' }),
    rendition_change_count: count()
      .describe('switches of the rendered rendition, the first not counted')
      .meta({ purpose: 'quality' }),
    error_count: count().describe('errors of any severity').meta({ purpose: 'failures' }),
    frames_total: count()
      .optional()
      .describe('frames decoded, dropped ones included')
      .meta({ purpose: 'quality' }),
    frames_dropped: count().optional().describe('frames decoded but not shown').meta({ purpose: 'quality' }),
    bitrate_bps: count()
      .optional()
      .describe('average bitrate of the media rendered at a known bitrate')
      .meta({ purpose: 'quality' }),
    ...carried,
    fatal_error: fatalError
      .optional()
      .describe('the first fatal error that playback did not get over')
      .meta({ purpose: 'failures' }),
    dropped: z
      .record(z.string(), count())
      .describe('events that the producer says it lost, by reason')
      .meta({ purpose: 'order' }),
    context: context
      .describe('context of the newest batch')
      .meta({ purpose: 'environment', class: 'viewing' }),
    client: client
      .describe('what the server knows of the sender')
      .meta({ purpose: 'environment', class: 'identity' }),
    sdk: sdk.describe('the producer').meta({ purpose: 'environment' }),
  },
).describe('one row per view, folded from its events; absent counters are 0, absent measures unknown')

/** One row per view, folded from its events. */
export type ViewRecord = z.infer<typeof viewRecord>
