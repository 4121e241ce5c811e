import type { ViewRecord } from '@viewbeat/schema'
import { hasStarted } from '../hasStarted.ts'
import {
  adAttempts,
  contentPlayingMs,
  endedSeeks,
  HOUR_MS,
  isExitBeforeStart,
  isFault,
  isOver,
  isRefusal,
  isRequested,
  watchedMs,
} from '../quantities.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { over, quantileOf, ratioOf, shareOf, sumOf } from './metric.ts'
import { muxScores } from './muxScores.ts'

/** A view of Mux is an attempt to play, allowed or not, and counts once it is over. */
const isView = (view: ViewRecord) => isOver(view) && isRequested(view)

/** As Mux Data documents it, or computes it in the page. */
export const muxLike = {
  says: 'like Mux Data, by its documentation and by what its SDK computes; its servers may know better. A view is an attempt to play, and counts once it is over; ads are part of it',
  metrics: {
    startup_ms: quantileOf({
      says: 'from the request to the first frame of an ad or the content; median and p95',
      unit: 'ms',
      source: 'mux-startup',
      of: (view) => (isView(view) ? (view.startup_ms ?? null) : null),
    }),
    content_startup_ms: quantileOf({
      says: 'to the first frame of the content',
      unit: 'ms',
      source: 'mux-export',
      of: (view) => (isView(view) ? (view.content_startup_ms ?? null) : null),
    }),
    aggregate_startup_ms: quantileOf({
      says: 'page load + player startup + video startup; nothing where one of them is not known',
      unit: 'ms',
      source: 'mux-startup',
      of: (view) => {
        const { page_load_ms, player_startup_ms, startup_ms } = view
        return isView(view) &&
          page_load_ms !== undefined &&
          player_startup_ms !== undefined &&
          startup_ms !== undefined
          ? page_load_ms + player_startup_ms + startup_ms
          : null
      },
    }),
    exit_before_start: ratioOf({
      says: 'views without a startup time and without a failure ÷ views. What of autoplay that was blocked, or of business exceptions, is not said: here the first is an exit, the second none',
      unit: 'share',
      source: 'mux-success',
      of: (view) => shareOf(isView(view), isExitBeforeStart(view)),
    }),
    exit_before_start_after_1s: ratioOf({
      says: 'as exit_before_start, of those who had waited for a second; ÷ start attempts',
      unit: 'share',
      source: 'mux-monitoring',
      of: (view) => shareOf(isView(view), isExitBeforeStart(view) && view.starting_ms >= 1000),
    }),
    start_failure: ratioOf({
      says: 'views with a fatal error before the first frame, business exceptions left out ÷ views',
      unit: 'share',
      source: 'mux-errors',
      of: (view) => shareOf(isView(view), !hasStarted(view) && isFault(view)),
    }),
    start_failure_business: ratioOf({
      says: 'the same of business exceptions',
      unit: 'share',
      source: 'mux-errors',
      of: (view) => shareOf(isView(view), !hasStarted(view) && isRefusal(view)),
    }),
    playback_failure: ratioOf({
      says: 'views with a fatal error at any time, business exceptions left out ÷ views',
      unit: 'share',
      source: 'mux-errors',
      of: (view) => shareOf(isView(view), isFault(view)),
    }),
    playback_failure_business: ratioOf({
      says: 'the same of business exceptions',
      unit: 'share',
      source: 'mux-errors',
      of: (view) => shareOf(isView(view), isRefusal(view)),
    }),
    view_dropped: ratioOf({
      says: 'views that were closed because nothing more came ÷ views',
      unit: 'share',
      source: 'mux-export',
      of: (view) => shareOf(isView(view), view.outcome === 'timeout'),
    }),
    rebuffering_ratio_watched: ratioOf({
      says: 'stalled ÷ watch time, ads included',
      unit: 'share',
      source: 'mux-embed',
      of: (view) => (isView(view) ? over(view.rebuffering_ms, watchedMs(view)) : null),
    }),
    rebuffer_count: ratioOf({
      says: 'stalls ÷ views',
      unit: 'per view',
      source: 'mux-smoothness',
      of: (view) => (isView(view) ? { part: view.rebuffer_count, whole: 1 } : null),
    }),
    rebuffer_frequency: ratioOf({
      says: 'stalls ÷ watch time (per ms there, per hour here)',
      unit: 'per hour',
      source: 'mux-embed',
      of: (view) => (isView(view) ? over(view.rebuffer_count, watchedMs(view) / HOUR_MS) : null),
    }),
    bitrate_bps: ratioOf({
      says: 'declared bitrate of what was played, weighted by time',
      unit: 'bit/s',
      source: 'mux-quality',
      of: (view) => (isView(view) ? over(view.bitrate_sum, view.bitrate_ms) : null),
    }),
    upscaling: ratioOf({
      says: 'max(0, r − 1) weighted by playing time, r = min of the ratios of widths and heights, CSS pixels',
      unit: 'share',
      source: 'mux-embed',
      of: (view) => (isView(view) ? over(view.upscaling_ms ?? 0, view.scaled_ms) : null),
    }),
    upscaling_max: quantileOf({
      says: 'greatest max(0, r − 1) of the view',
      unit: 'share',
      source: 'mux-embed',
      of: (view) => (isView(view) && view.scaled_ms ? (view.upscaling_max ?? 0) : null),
    }),
    downscaling: ratioOf({
      says: 'max(0, 1 − r) weighted by playing time',
      unit: 'share',
      source: 'mux-embed',
      of: (view) => (isView(view) ? over(view.downscaling_ms ?? 0, view.scaled_ms) : null),
    }),
    downscaling_max: quantileOf({
      says: 'greatest max(0, 1 − r) of the view',
      unit: 'share',
      source: 'mux-embed',
      of: (view) => (isView(view) && view.scaled_ms ? (view.downscaling_max ?? 0) : null),
    }),
    dropped_frames: sumOf({
      says: 'frames dropped',
      unit: 'count',
      source: 'mux-export',
      of: (view) => (isView(view) ? (view.frames_dropped ?? null) : null),
    }),
    seek_latency_ms: ratioOf({
      says: 'time in seeks ÷ seeks, from the begin of a seek until the player is ready',
      unit: 'ms',
      source: 'mux-export',
      of: (view) => (isView(view) ? over(view.seek_latency_ms, endedSeeks(view)) : null),
    }),
    live_latency_ms: ratioOf({
      says: 'mean of the latency against the programme date time; nothing from over 5 minutes behind the edge',
      unit: 'ms',
      source: 'mux-export',
      of: (view) => (isView(view) ? over(view.latency_sum, view.latency_known_ms) : null),
    }),
    watched_ms: sumOf({
      says: 'watch time: playing, rebuffering, seeking and starting; no pauses',
      unit: 'ms',
      source: 'mux-view',
      of: (view) => (isView(view) ? watchedMs(view) : null),
    }),
    playing_ms: sumOf({
      says: 'playing time of content and ads; no rebuffering, seeking or pauses. Of all views since they began',
      unit: 'ms',
      source: 'mux-engagement',
      of: (view) => view.playing_ms,
    }),
    content_playing_ms: sumOf({
      says: 'content playing time. Of all views since they began',
      unit: 'ms',
      source: 'mux-engagement',
      of: contentPlayingMs,
    }),
    ad_impressions: sumOf({
      says: 'ads of which any frame was shown, whether their ad server counts them or not',
      unit: 'count',
      source: 'mux-engagement',
      of: ({ ads }) => ads?.start_count ?? 0,
    }),
    ad_ms: sumOf({
      says: 'ad playing time',
      unit: 'ms',
      source: 'mux-engagement',
      of: ({ ad_ms }) => ad_ms ?? 0,
    }),
    ad_start_error: ratioOf({
      says: 'ads with an error before they were on screen ÷ ad attempts',
      unit: 'share',
      source: 'mux-export',
      of: (view) => over(view.ads?.start_error_count ?? 0, adAttempts(view)),
    }),
    ad_exit_before_start: ratioOf({
      says: 'ads that were left before they were on screen ÷ ad attempts',
      unit: 'share',
      source: 'mux-export',
      of: (view) => over(view.ads?.exit_before_start_count ?? 0, adAttempts(view)),
    }),
    ad_break_error: ratioOf({
      says: 'breaks with an error ÷ breaks',
      unit: 'share',
      source: 'mux-export',
      of: ({ ads }) => over(ads?.failed_break_count ?? 0, ads?.break_count),
    }),
    ...muxScores,
  },
} satisfies DefinitionSet
