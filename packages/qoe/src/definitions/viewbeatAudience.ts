import { hasStarted } from '../hasStarted.ts'
import { contentLengthMs, contentPlayingMs, watchedMs } from '../quantities.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { over, ratioOf, sumOf } from './metric.ts'

/** How much was watched: Viewbeat's formulas. */
export const viewbeatAudience = {
  watched_ms: sumOf({
    says: 'starting + playing + seeking + stalled: wall clock, pauses out',
    unit: 'ms',
    source: 'ours',
    of: watchedMs,
  }),
  playing_ms: sumOf({
    says: 'time in the state playing, ads included',
    unit: 'ms',
    source: 'ours',
    of: (view) => view.playing_ms,
  }),
  content_playing_ms: sumOf({
    says: 'time in the state playing, ads left out',
    unit: 'ms',
    source: 'ours',
    of: contentPlayingMs,
  }),
  content_ms: sumOf({
    says: 'media of the content rendered: a minute at double speed is two',
    unit: 'ms',
    source: 'ours',
    of: (view) => view.content_ms,
  }),
  average_minute_audience: sumOf({
    says: 'media of the content rendered ÷ its length, added up over views; not of live',
    unit: 'average audience',
    source: 'ours',
    of: (view) => {
      const length = contentLengthMs(view)
      return length === undefined ? null : view.content_ms / length
    },
  }),
  completion: ratioOf({
    says: 'furthest position ÷ length, at most 1, of views with a first frame; not of live',
    unit: 'share',
    source: 'ours',
    of: (view) => {
      const length = contentLengthMs(view)
      return hasStarted(view) && length !== undefined
        ? over(Math.min(view.max_playhead_ms, length), length)
        : null
    },
  }),
  unique_completion: ratioOf({
    says: 'media rendered, what was seen again counted once, ÷ length, at most 1; not of live',
    unit: 'share',
    source: 'ours',
    of: (view) => {
      const length = contentLengthMs(view)
      return hasStarted(view) && length !== undefined && view.unique_ms !== undefined
        ? over(Math.min(view.unique_ms, length), length)
        : null
    },
  }),
} satisfies DefinitionSet['metrics']
