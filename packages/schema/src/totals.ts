import * as z from 'zod'
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

/** Cumulative counters of the ads of a view. An absent counter is 0. */
export const adTotals = group(
  { purpose: 'ads', since: '1.2' },
  {
    break_count: count().optional().describe('breaks begun'),
    filled_break_count: count().optional().describe('breaks in which at least one ad was on screen'),
    failed_break_count: count().optional().describe('breaks with at least one error'),
    start_count: count().optional().describe('ads that were on screen'),
    impression_count: count().optional().describe('of these, those that count as an impression'),
    quartile_1_count: count().optional().describe('ads that came to 25 %'),
    quartile_2_count: count().optional().describe('ads that came to 50 %'),
    quartile_3_count: count().optional().describe('ads that came to 75 %'),
    complete_count: count().optional().describe('ads that came to their end'),
    skip_count: count().optional().describe('ads that the viewer skipped'),
    click_count: count().optional().describe('clicks on ads').meta({ class: 'viewing' }),
    error_count: count().optional().describe('errors of ads'),
    start_error_count: count().optional().describe('of these, those before the ad was on screen'),
    exit_before_start_count: count()
      .optional()
      .describe('1 when the viewer left in a break before any ad of it was on screen'),
    load_ms: count().optional().describe('sum of the times from asking for an ad to its first frame'),
    loaded_count: count().optional().describe('ads that load_ms is of'),
    rebuffering_ms: count().optional().describe('the part of the rebuffering_ms of the view that was in ads'),
    rebuffer_count: count().optional().describe('the stalls of the view that began in ads'),
  },
)

/**
 * Cumulative counters of a view as of the event that carries them. An absent counter is 0, an absent measure
 * (`startup_ms`, `frames_*`, `bitrate_ms`, `scaled_ms` …) is unknown. The times in states and `away_ms` add up to the
 * event's `t_ms`.
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
        autoplay_blocked_count: count()
          .optional()
          .describe('of these, the times the browser did not allow it')
          .meta({ since: '1.2' }),
        first_frame_ms: count()
          .optional()
          .describe('from the begin of the view to the first frame')
          .meta({ since: '1.2' }),
        visible_during_startup: z
          .boolean()
          .optional()
          .describe('the page was visible all through the startup')
          .meta({ since: '1.2' }),
        page_load_ms: count()
          .optional()
          .describe('from navigation to the page being loaded; in the first view of a page only')
          .meta({ since: '1.2' }),
        player_startup_ms: count()
          .optional()
          .describe('from creating the player to its being ready; in the first view of a page only')
          .meta({ since: '1.2' }),
      },
      { purpose: 'startup' },
    ),
    ...describeFields(
      {
        content_ms: count().optional().describe('media rendered, whatever the rate'),
        max_playhead_ms: count().optional().describe('furthest position reached'),
        unique_ms: count()
          .optional()
          .describe('media rendered, what was seen again counted once')
          .meta({ since: '1.2' }),
      },
      { purpose: 'audience', class: 'viewing' },
    ),
    ...describeFields(
      {
        rebuffer_count: count().optional().describe('stalls begun').meta({ purpose: 'stalls' }),
        first_rebuffer_ms: count()
          .optional()
          .describe('time in the state playing before the first stall; absent while there was none')
          .meta({ purpose: 'stalls', since: '1.2' }),
        seek_latency_ms: count()
          .optional()
          .describe('sum of the latencies of the seeks that ended')
          .meta({ purpose: 'seeking', since: '1.2' }),
        seek_count: count().optional().describe('seeks begun; a burst is one').meta({ purpose: 'seeking' }),
        rendition_change_count: count()
          .optional()
          .describe('switches of the rendered rendition, the first not counted'),
        rendition_upshift_count: count()
          .optional()
          .describe('of these, those to a higher bitrate')
          .meta({ since: '1.2' }),
        rendition_downshift_count: count()
          .optional()
          .describe('of these, those to a lower bitrate')
          .meta({ since: '1.2' }),
        error_count: count().optional().describe('errors of any severity').meta({ purpose: 'failures' }),
        frames_total: count().optional().describe('frames decoded, dropped ones included'),
        frames_dropped: count().optional().describe('frames decoded but not shown'),
        bitrate_ms: count().optional().describe('media rendered at a known bitrate'),
        bitrate_sum: z
          .number()
          .min(0)
          .optional()
          .describe('sum of each bitrate times the media rendered at it'),
        scaled_ms: count()
          .optional()
          .describe('time in the state playing with the sizes of picture and player known')
          .meta({ since: '1.2' }),
        upscaling_ms: count()
          .optional()
          .describe(
            'sum of each share the picture was enlarged by, in CSS pixels, times how long: 500 for a second at 1.5',
          )
          .meta({ unit: 'ratio × ms', since: '1.2' }),
        upscaling_max: z
          .number()
          .min(0)
          .optional()
          .describe('most it was enlarged by, 0.5 at 1.5')
          .meta({ unit: 'ratio', since: '1.2' }),
        downscaling_ms: count()
          .optional()
          .describe('sum of each share the picture was made smaller by times how long')
          .meta({ unit: 'ratio × ms', since: '1.2' }),
        downscaling_max: z
          .number()
          .min(0)
          .optional()
          .describe('most it was made smaller by')
          .meta({ unit: 'ratio', since: '1.2' }),
        latency_known_ms: count()
          .optional()
          .describe('time in the state playing with a known live latency')
          .meta({ purpose: 'delivery', since: '1.2' }),
        latency_sum: z
          .number()
          .min(0)
          .optional()
          .describe('sum of each live latency times how long it was so')
          .meta({ unit: 'ms × ms', purpose: 'delivery', since: '1.2' }),
        ads: adTotals
          .optional()
          .describe('ads; absent where there were none')
          .meta({ purpose: 'ads', since: '1.2' }),
        fatal_error: fatalError
          .optional()
          .describe('the first fatal error that playback did not get over')
          .meta({ purpose: 'failures' }),
      },
      { purpose: 'quality' },
    ),
  })
  .describe('cumulative counters of the view, as of the event that carries them')

/** Cumulative counters of a view. */
export type Totals = z.infer<typeof totals>
