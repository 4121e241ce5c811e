import { hasFailed, isRequested, watchedMs } from '../quantities.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { over, ratioOf, shareOf, sumOf } from './metric.ts'

/** CTA-2066, Streaming Quality of Experience Events, Properties and Metrics. */
export const cta2066 = {
  says: 'the standard, by its public draft of 2019; what differs in the final text is known at second hand only. It averages per session, and knows no ads, no exits before start and no business errors',
  metrics: {
    startup_ms: ratioOf({
      says: 'mean of the watched time from the first request to the first start; sessions without one left out',
      unit: 'ms',
      source: 'cta-draft',
      of: ({ startup_ms }) => over(startup_ms, startup_ms === undefined ? undefined : 1),
    }),
    playback_failure: ratioOf({
      says: 'sessions with at least one fatal error, at any time and of any kind ÷ sessions',
      unit: 'share',
      source: 'cta-draft',
      of: (view) => shareOf(isRequested(view), hasFailed(view)),
    }),
    rebuffering_ratio: ratioOf({
      says: 'stalled ÷ (stalled + playing)',
      unit: 'share',
      source: 'cta-final',
      of: ({ rebuffering_ms, playing_ms }) => over(rebuffering_ms, rebuffering_ms + playing_ms),
    }),
    rebuffering_ratio_watched: ratioOf({
      says: 'stalled ÷ time watched',
      unit: 'share',
      source: 'cta-draft',
      of: (view) => over(view.rebuffering_ms, watchedMs(view)),
    }),
    rebuffer_count: ratioOf({
      says: 'stalls ÷ sessions',
      unit: 'per view',
      source: 'cta-draft',
      of: (view) => (isRequested(view) ? { part: view.rebuffer_count, whole: 1 } : null),
    }),
    bitrate_bps: ratioOf({
      says: "bits played ÷ media time. The draft's bits are multiplied by the playback rate as well, which counts double speed twice: not so here",
      unit: 'bit/s',
      source: 'cta-draft',
      of: ({ bitrate_sum, bitrate_ms }) => over(bitrate_sum, bitrate_ms),
    }),
    watched_ms: sumOf({
      says: 'from a request to the next pause, end or failure',
      unit: 'ms',
      source: 'cta-draft',
      of: watchedMs,
    }),
    content_ms: sumOf({
      says: 'media time',
      unit: 'ms',
      source: 'cta-draft',
      of: (view) => view.content_ms,
    }),
  },
} satisfies DefinitionSet
