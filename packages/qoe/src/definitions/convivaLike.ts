import { hasStarted } from '../hasStarted.ts'
import {
  contentPlayingMs,
  contentStalledMs,
  isExitBeforeStart,
  isFault,
  isOver,
  isRefusal,
  isRequested,
  isStartDecided,
} from '../quantities.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { over, quantileOf, ratioOf, shareOf, sumOf, unknownOf } from './metric.ts'

/** As Conviva says in public, which is little: most definitions are for its customers. */
export const convivaLike = {
  says: 'like Conviva, as far as its public pages go; no parity is claimed. An attempt is any request to play, by a click or by autoplay; a play is one with a first frame; ads have their own metrics',
  metrics: {
    startup_ms: quantileOf({
      says: 'video startup time of plays; the definition is not public',
      unit: 'ms',
      source: 'conviva-names',
      of: ({ startup_ms }) => startup_ms ?? null,
    }),
    exit_before_start: ratioOf({
      says: 'attempts that ended before the video started, without a fatal error ÷ attempts',
      unit: 'share',
      source: 'conviva-exits',
      of: (view) => shareOf(isRequested(view) && isStartDecided(view), isExitBeforeStart(view)),
    }),
    start_failure: ratioOf({
      says: 'VSF-T: attempts with a fatal technical error before the video started ÷ attempts',
      unit: 'share',
      source: 'conviva-alerts',
      of: (view) => shareOf(isRequested(view) && isStartDecided(view), !hasStarted(view) && isFault(view)),
    }),
    start_failure_business: ratioOf({
      says: 'VSF-B: the same of business errors',
      unit: 'share',
      source: 'conviva-alerts',
      of: (view) => shareOf(isRequested(view) && isStartDecided(view), !hasStarted(view) && isRefusal(view)),
    }),
    playback_failure_after_start: ratioOf({
      says: 'VPF-T: plays that ended by a technical error ÷ ended plays',
      unit: 'share',
      source: 'conviva-alerts',
      of: (view) => shareOf(hasStarted(view) && isOver(view), isFault(view)),
    }),
    playback_failure_after_start_business: ratioOf({
      says: 'VPF-B: the same of business errors',
      unit: 'share',
      source: 'conviva-alerts',
      of: (view) => shareOf(hasStarted(view) && isOver(view), isRefusal(view)),
    }),
    rebuffering_ratio: ratioOf({
      says: 'connection induced: stalled ÷ (stalled + playing), without startup, seeks and ads; the definition is not public',
      unit: 'share',
      source: 'conviva-names',
      of: (view) => over(contentStalledMs(view), contentStalledMs(view) + contentPlayingMs(view)),
    }),
    bitrate_bps: ratioOf({
      says: 'average bitrate of what was played, weighted by time; the definition is not public',
      unit: 'bit/s',
      source: 'conviva-names',
      of: ({ bitrate_sum, bitrate_ms }) => over(bitrate_sum, bitrate_ms),
    }),
    content_playing_ms: sumOf({
      says: 'playing time of plays that have ended; the definition is not public',
      unit: 'ms',
      source: 'conviva-names',
      of: (view) => (hasStarted(view) && isOver(view) ? contentPlayingMs(view) : null),
    }),
    ad_impressions: sumOf({
      says: 'ads that were on screen; the definition is not public',
      unit: 'count',
      source: 'conviva-names',
      of: ({ ads }) => ads?.start_count ?? 0,
    }),
    bad_session: unknownOf({
      says: 'impacted streams: not reproducible, their thresholds are set by each customer and not public',
      source: 'conviva-spi',
    }),
  },
} satisfies DefinitionSet
