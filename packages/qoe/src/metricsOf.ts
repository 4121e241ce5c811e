import type { ViewRecord } from '@viewbeat/schema'
import { contentPlayingMs, contentStalledMs, watchedMs } from './quantities.ts'
import { ratio } from './ratio.ts'

/**
 * The figures of a view that are asked for most, by the definition set `viewbeat`; null where the view gives no answer
 * (no playing time, no first frame …).
 */
export interface Metrics {
  /** From the first request to the first frame, ms; of a page in the background too. */
  startup_ms: number | null
  /** Wall time with pauses out: starting + playing + seeking + rebuffering, ms. */
  watched_ms: number
  /** Stalled time ÷ (stalled + playing time), ads left out of both, 0 to 1. */
  rebuffer_ratio: number | null
  /** Stalls, those in ads included. */
  rebuffer_count: number
  /** Frames dropped ÷ frames decoded, 0 to 1. */
  dropped_frame_ratio: number | null
}

/** Computes the figures of a view that are asked for most; `DEFINITION_SETS` has all of them. */
export const metricsOf = (view: ViewRecord): Metrics => ({
  startup_ms: view.startup_ms ?? null,
  watched_ms: watchedMs(view),
  rebuffer_ratio: ratio(contentStalledMs(view), contentStalledMs(view) + contentPlayingMs(view)),
  rebuffer_count: view.rebuffer_count,
  dropped_frame_ratio: ratio(view.frames_dropped ?? 0, view.frames_total ?? 0),
})
