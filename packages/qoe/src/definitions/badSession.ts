import type { ViewRecord } from '@viewbeat/schema'
import {
  contentPlayingMs,
  contentStalledMs,
  isAttempt,
  isExitBeforeStart,
  isFault,
  isRefusal,
  isStartDecided,
  isStartSeen,
} from '../quantities.ts'
import { ratioOf, shareOf } from './metric.ts'

/**
 * From where on a session is bad. A new value is a new version, so that two figures are of one kind or say that they are
 * not. 8 s is where Mux's startup score has lost half of its points; 2 % is 36 s of a half-hour show.
 */
export const BAD_SESSION = { version: 1, startup_ms: 8000, rebuffering_ratio: 0.02 } as const

const isBad = (view: ViewRecord): boolean => {
  const stalled = contentStalledMs(view)
  return (
    isFault(view) ||
    (isStartSeen(view) && (view.startup_ms ?? 0) > BAD_SESSION.startup_ms) ||
    (isExitBeforeStart(view) && view.starting_ms > BAD_SESSION.startup_ms) ||
    stalled > BAD_SESSION.rebuffering_ratio * (stalled + contentPlayingMs(view))
  )
}

/** Attempts that failed, started late, were left after too long a wait, or stalled too much. */
export const badSession = ratioOf({
  says: `version ${BAD_SESSION.version}: attempts that failed by a fault, waited for over ${BAD_SESSION.startup_ms / 1000} s to start, in vain or not, or stalled for over ${BAD_SESSION.rebuffering_ratio * 100} % (rebuffering_ratio) ÷ attempts that have started, failed or ended, business errors left out`,
  unit: 'share',
  source: 'ours',
  of: (view) => shareOf(isAttempt(view) && isStartDecided(view) && !isRefusal(view), isBad(view)),
})
