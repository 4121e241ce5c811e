import type { ViewRecord } from '@viewbeat/schema'
import { endedSeeks } from '../quantities.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { over, quantileOf, ratioOf, sumOf } from './metric.ts'

/** Switches one way; unknown where there were switches and none of them says which way it went. */
const shifts = (view: ViewRecord, oneWay = 0) => {
  const { rendition_change_count, rendition_upshift_count = 0, rendition_downshift_count = 0 } = view
  const isUnknown = rendition_change_count > 0 && rendition_upshift_count + rendition_downshift_count === 0
  return isUnknown ? null : oneWay
}

/** What the picture was like, and how soon it came: Viewbeat's formulas. */
export const viewbeatQuality = {
  bitrate_bps: ratioOf({
    says: 'sum of each declared bitrate × the media rendered at it ÷ media rendered at a known bitrate',
    unit: 'bit/s',
    source: 'ours',
    of: ({ bitrate_sum, bitrate_ms }) => over(bitrate_sum, bitrate_ms),
  }),
  upscaling: ratioOf({
    says: 'mean over playing time of max(0, r − 1), r = min(player width ÷ picture width, the same of heights), CSS pixels',
    unit: 'share',
    source: 'ours',
    of: ({ upscaling_ms = 0, scaled_ms }) => over(upscaling_ms, scaled_ms),
  }),
  upscaling_max: quantileOf({
    says: 'greatest max(0, r − 1) of the view',
    unit: 'share',
    source: 'ours',
    of: ({ upscaling_max = 0, scaled_ms }) => (scaled_ms ? upscaling_max : null),
  }),
  downscaling: ratioOf({
    says: 'mean over playing time of max(0, 1 − r)',
    unit: 'share',
    source: 'ours',
    of: ({ downscaling_ms = 0, scaled_ms }) => over(downscaling_ms, scaled_ms),
  }),
  downscaling_max: quantileOf({
    says: 'greatest max(0, 1 − r) of the view',
    unit: 'share',
    source: 'ours',
    of: ({ downscaling_max = 0, scaled_ms }) => (scaled_ms ? downscaling_max : null),
  }),
  rendition_changes: sumOf({
    says: 'switches of the rendition on screen, the first not counted',
    unit: 'count',
    source: 'ours',
    of: (view) => view.rendition_change_count,
  }),
  rendition_upshifts: sumOf({
    says: 'of these, those to a higher bitrate; nothing of views that say of no switch which way it went',
    unit: 'count',
    source: 'ours',
    of: (view) => shifts(view, view.rendition_upshift_count),
  }),
  rendition_downshifts: sumOf({
    says: 'of these, those to a lower bitrate; likewise',
    unit: 'count',
    source: 'ours',
    of: (view) => shifts(view, view.rendition_downshift_count),
  }),
  dropped_frame_ratio: ratioOf({
    says: 'frames dropped ÷ frames decoded, dropped ones among them',
    unit: 'share',
    source: 'ours',
    of: ({ frames_dropped = 0, frames_total }) => over(frames_dropped, frames_total),
  }),
  seek_latency_ms: ratioOf({
    says: 'sum of the latencies of seeks ÷ seeks that ended; a burst is one, from its last request',
    unit: 'ms',
    source: 'ours',
    of: (view) => over(view.seek_latency_ms, endedSeeks(view)),
  }),
  live_latency_ms: ratioOf({
    says: 'mean of the live latency over the playing time it was known for',
    unit: 'ms',
    source: 'ours',
    of: ({ latency_sum, latency_known_ms }) => over(latency_sum, latency_known_ms),
  }),
} satisfies DefinitionSet['metrics']
