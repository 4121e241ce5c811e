import type { ViewRecord } from '@viewbeat/schema'
import { ratio } from './ratio.ts'

/** Quality figures of a view; null where the view gives no answer (no playing time, no first frame …). */
export interface Metrics {
  /** From the first request to the first frame, ms. */
  startup_ms: number | null
  /** Wall time with pauses out: starting + playing + seeking + rebuffering, ms. */
  watched_ms: number
  /** Stalled time ÷ (stalled + playing time), 0 to 1. */
  rebuffer_ratio: number | null
  rebuffer_count: number
  /** Frames dropped ÷ frames decoded, 0 to 1. */
  dropped_frame_ratio: number | null
}

/** Computes the quality figures of a view from its record. */
export const metricsOf = (view: ViewRecord): Metrics => ({
  startup_ms: view.startup_ms ?? null,
  watched_ms: view.starting_ms + view.playing_ms + view.seeking_ms + view.rebuffering_ms,
  rebuffer_ratio: view.rebuffer_ratio,
  rebuffer_count: view.rebuffer_count,
  dropped_frame_ratio: ratio(view.frames_dropped ?? 0, view.frames_total ?? 0),
})
