import type { ViewRecord } from '@viewbeat/schema'
import { hasStarted } from '../hasStarted.ts'
import { isExitBeforeStart, isFault, isOver, isRefusal, isRequested, watchedMs } from '../quantities.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { type Ratio, ratioOf, unknownOf } from './metric.ts'

/** Scores average over views. */
const score = (points: number | null): Ratio | null => (points === null ? null : { part: points, whole: 1 })

const success = (view: ViewRecord): number | null => {
  if (isFault(view)) return 0
  if (isRefusal(view)) return null
  if (!isExitBeforeStart(view)) return 100
  return view.starting_ms < 1000 ? null : 50
}

const smoothness = (view: ViewRecord): number => {
  const watched = watchedMs(view)
  const share = watched > 0 ? view.rebuffering_ms / watched : 0
  return (100 / Math.sqrt(1 + (view.rebuffer_count / 2) ** 2) + 100 * Math.exp(-10 * share)) / 2
}

const quality = ({ scaled_ms, upscaling_ms = 0, upscaling_max = 0 }: ViewRecord): number | null =>
  scaled_ms ? 100 * Math.exp(-0.33 * (0.15 * upscaling_max + 0.85 * (upscaling_ms / scaled_ms))) : null

const ofStarted = (points: (view: ViewRecord) => number | null) => (view: ViewRecord) =>
  isOver(view) && hasStarted(view) ? score(points(view)) : null

/** The scores of Mux Data, as far as their formulas are public. */
export const muxScores = {
  playback_success_score: ratioOf({
    says: '100; 0 with a playback failure; 50 when left before the start, and none within a second. Mean over views. Nothing is said of business exceptions: here they have none',
    unit: 'score',
    source: 'mux-success',
    of: (view) => (isOver(view) && isRequested(view) ? score(success(view)) : null),
  }),
  startup_score: ratioOf({
    says: '100 × 8 ÷ (8 + startup time in seconds). Mean over views',
    unit: 'score',
    source: 'mux-startup',
    of: ofStarted(({ startup_ms }) =>
      startup_ms === undefined ? null : (100 * 8) / (8 + startup_ms / 1000),
    ),
  }),
  smoothness_score: ratioOf({
    says: 'mean of 100 ÷ √(1 + (stalls ÷ 2)²) and 100 × e^(−10 × rebuffering share of the time watched). Mean over views',
    unit: 'score',
    source: 'mux-smoothness',
    of: ofStarted(smoothness),
  }),
  quality_score: ratioOf({
    says: '100 × e^(−0.33 × (0.15 × greatest + 0.85 × mean upscaling)). Mean over views',
    unit: 'score',
    source: 'mux-quality',
    of: ofStarted(quality),
  }),
  experience_score: unknownOf({
    says: 'not reproducible: it is the success score × the mean of three others after a function of each that is not public',
    source: 'mux-experience',
  }),
} satisfies DefinitionSet['metrics']
