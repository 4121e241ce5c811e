import { z } from 'zod'
import { count, openEnum, text } from './fields.ts'

/** The first error that ended playback. */
export const fatalError = z.object({
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
})

/**
 * Cumulative counters of a view as of the event that carries them. An absent counter is 0, an absent measure
 * (`startup_ms`, `frames_*`, `bitrate_ms`) is unknown. The times in states and `away_ms` add up to the event's `t_ms`.
 */
export const totals = z
  .object({
    preloading_ms: count().optional().describe('ms before anybody asked to play'),
    starting_ms: count().optional().describe('ms between asking to play and the picture moving'),
    playing_ms: count().optional().describe('ms with the picture moving'),
    seeking_ms: count().optional().describe('ms in seeks'),
    rebuffering_ms: count()
      .optional()
      .describe('ms stalled: involuntary, after the first frame, not in a seek'),
    paused_ms: count().optional().describe('ms paused on purpose'),
    ended_ms: count().optional().describe('ms after the end'),
    failed_ms: count().optional().describe('ms after a fatal error'),
    away_ms: count().optional().describe('ms frozen in the back/forward cache; in no state'),
    ad_ms: count().optional().describe('ms of playing_ms that were an ad'),
    startup_ms: count().optional().describe('ms from the first request to the first frame, pauses taken out'),
    content_startup_ms: count().optional().describe('as startup_ms, to the first frame of the content'),
    content_ms: count().optional().describe('ms of media rendered, whatever the rate'),
    max_playhead_ms: count().optional().describe('furthest position reached, ms'),
    play_request_count: count().optional().describe('times anybody asked to play'),
    rebuffer_count: count().optional().describe('stalls begun'),
    seek_count: count().optional().describe('seeks begun; a burst is one'),
    rendition_change_count: count()
      .optional()
      .describe('switches of the rendered rendition, the first not counted'),
    error_count: count().optional().describe('errors of any severity'),
    frames_total: count().optional().describe('frames decoded, dropped ones included'),
    frames_dropped: count().optional().describe('frames decoded but not shown'),
    bitrate_ms: count().optional().describe('ms of media rendered at a known bitrate'),
    bitrate_sum: z
      .number()
      .min(0)
      .optional()
      .describe('sum of bitrate in bit/s times ms of media rendered at it'),
    fatal_error: fatalError.optional().describe('the first fatal error'),
  })
  .describe('cumulative counters of the view')

/** Cumulative counters of a view. */
export type Totals = z.infer<typeof totals>
