import { z } from 'zod'
import { count, group, openEnum, text } from './fields.ts'
import { describeFields } from './metadata.ts'

/** The first error that ended playback. */
export const fatalError = group(
  { purpose: 'failures' },
  {
    category: openEnum([
      'network',
      'manifest',
      'media',
      'decode',
      'drm',
      'source',
      'ad',
      'player',
      'other',
    ]).describe('what failed'),
    code: text(64).describe('the code of the error'),
    business: z.boolean().optional().describe('a refusal on purpose (no subscription, region), not a fault'),
  },
)

const timesInStates = describeFields(
  {
    preloading_ms: count().optional().describe('before anybody asked to play').meta({ purpose: 'startup' }),
    starting_ms: count()
      .optional()
      .describe('between asking to play and the picture moving')
      .meta({ purpose: 'startup' }),
    playing_ms: count().optional().describe('with the picture moving').meta({ class: 'viewing' }),
    seeking_ms: count().optional().describe('in seeks').meta({ purpose: 'seeking' }),
    rebuffering_ms: count()
      .optional()
      .describe('stalled: involuntary, after the first frame, not in a seek')
      .meta({ purpose: 'stalls' }),
    paused_ms: count().optional().describe('paused on purpose').meta({ class: 'viewing' }),
    ended_ms: count().optional().describe('after the end'),
    failed_ms: count().optional().describe('after a fatal error').meta({ purpose: 'failures' }),
    away_ms: count().optional().describe('frozen in the back/forward cache; in no state'),
  },
  { purpose: 'audience' },
)

/**
 * Cumulative counters of a view as of the event that carries them. An absent counter is 0, an absent measure
 * (`startup_ms`, `frames_*`, `bitrate_ms`) is unknown. The times in states and `away_ms` add up to the event's `t_ms`.
 */
export const totals = z
  .object({
    ...timesInStates,
    ...describeFields(
      {
        ad_ms: count().optional().describe('the part of playing_ms that was an ad').meta({ purpose: 'ads' }),
        startup_ms: count()
          .optional()
          .describe('from the first request to the first frame, pauses taken out'),
        content_startup_ms: count().optional().describe('as startup_ms, to the first frame of the content'),
        play_request_count: count().optional().describe('times anybody asked to play'),
      },
      { purpose: 'startup' },
    ),
    ...describeFields(
      {
        content_ms: count().optional().describe('media rendered, whatever the rate'),
        max_playhead_ms: count().optional().describe('furthest position reached'),
      },
      { purpose: 'audience', class: 'viewing' },
    ),
    ...describeFields(
      {
        rebuffer_count: count().optional().describe('stalls begun').meta({ purpose: 'stalls' }),
        seek_count: count().optional().describe('seeks begun; a burst is one').meta({ purpose: 'seeking' }),
        rendition_change_count: count()
          .optional()
          .describe('switches of the rendered rendition, the first not counted'),
        error_count: count().optional().describe('errors of any severity').meta({ purpose: 'failures' }),
        frames_total: count().optional().describe('frames decoded, dropped ones included'),
        frames_dropped: count().optional().describe('frames decoded but not shown'),
        bitrate_ms: count().optional().describe('media rendered at a known bitrate'),
        bitrate_sum: z
          .number()
          .min(0)
          .optional()
          .describe('sum of each bitrate times the media rendered at it'),
        fatal_error: fatalError.optional().describe('the first fatal error').meta({ purpose: 'failures' }),
      },
      { purpose: 'quality' },
    ),
  })
  .describe('cumulative counters of the view, as of the event that carries them')

/** Cumulative counters of a view. */
export type Totals = z.infer<typeof totals>
