import { hasStarted } from '../hasStarted.ts'
import {
  isAttempt,
  isExitBeforeStart,
  isFault,
  isOver,
  isRefusal,
  isStartDecided,
  isStartSeen,
} from '../quantities.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { quantileOf, ratioOf, shareOf } from './metric.ts'

/** Who waits for less than this may not have meant to play, ms. */
const MEANT_IT_MS = 1000

/** How views start, fail to, and fail later: Viewbeat's formulas. */
export const viewbeatStartup = {
  startup_ms: quantileOf({
    says: 'startup_ms, where the page was visible all through the start',
    unit: 'ms',
    source: 'ours',
    of: (view) => (isStartSeen(view) ? (view.startup_ms ?? null) : null),
  }),
  content_startup_ms: quantileOf({
    says: 'content_startup_ms, where the page was visible all through the start',
    unit: 'ms',
    source: 'ours',
    of: (view) => (isStartSeen(view) ? (view.content_startup_ms ?? null) : null),
  }),
  aggregate_startup_ms: quantileOf({
    says: 'page_load_ms + player_startup_ms, if told, + startup_ms, in the first view of a page that was visible',
    unit: 'ms',
    source: 'ours',
    of: (view) => {
      const { page_load_ms, player_startup_ms = 0, startup_ms } = view
      return isStartSeen(view) && page_load_ms !== undefined && startup_ms !== undefined
        ? page_load_ms + player_startup_ms + startup_ms
        : null
    },
  }),
  exit_before_start: ratioOf({
    says: 'attempts without first frame and without fatal error ÷ attempts that have started, failed or ended',
    unit: 'share',
    source: 'ours',
    of: (view) => shareOf(isAttempt(view) && isStartDecided(view), isExitBeforeStart(view)),
  }),
  exit_before_start_after_1s: ratioOf({
    says: 'as exit_before_start, of those who had waited for 1 s at least (starting_ms ≥ 1000)',
    unit: 'share',
    source: 'ours',
    of: (view) =>
      shareOf(
        isAttempt(view) && isStartDecided(view),
        isExitBeforeStart(view) && view.starting_ms >= MEANT_IT_MS,
      ),
  }),
  start_failure: ratioOf({
    says: 'attempts with a fatal error that is no business matter before the first frame ÷ attempts that have started, failed or ended',
    unit: 'share',
    source: 'ours',
    of: (view) => shareOf(isAttempt(view) && isStartDecided(view), !hasStarted(view) && isFault(view)),
  }),
  start_failure_business: ratioOf({
    says: 'as start_failure, but the error is a business matter',
    unit: 'share',
    source: 'ours',
    of: (view) => shareOf(isAttempt(view) && isStartDecided(view), !hasStarted(view) && isRefusal(view)),
  }),
  playback_failure: ratioOf({
    says: 'views with a fatal error that is no business matter and that playback did not get over ÷ views',
    unit: 'share',
    source: 'ours',
    of: (view) => shareOf(true, isFault(view)),
  }),
  playback_failure_business: ratioOf({
    says: 'as playback_failure, but the error is a business matter',
    unit: 'share',
    source: 'ours',
    of: (view) => shareOf(true, isRefusal(view)),
  }),
  playback_failure_after_start: ratioOf({
    says: 'as playback_failure, of views with a first frame that are over ÷ such views',
    unit: 'share',
    source: 'ours',
    of: (view) => shareOf(hasStarted(view) && isOver(view), isFault(view)),
  }),
  playback_failure_after_start_business: ratioOf({
    says: 'as playback_failure_after_start, but the error is a business matter',
    unit: 'share',
    source: 'ours',
    of: (view) => shareOf(hasStarted(view) && isOver(view), isRefusal(view)),
  }),
  view_dropped: ratioOf({
    says: 'views that were closed because nothing more came ÷ views that are over',
    unit: 'share',
    source: 'ours',
    of: (view) => shareOf(isOver(view), view.outcome === 'timeout'),
  }),
} satisfies DefinitionSet['metrics']
