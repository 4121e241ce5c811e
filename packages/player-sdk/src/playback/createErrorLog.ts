import type { Clock } from '../clock.ts'
import type { PlayerError } from '../engine.ts'

/** A storm is over when no error of its kind came for so long; one that does not end is told of after so long, ms. */
const QUIET_MS = 5000
const STORM_MS = 30_000

/**
 * Holds errors that playback goes on after, and tells of all of one kind at once: engines raise one for every attempt.
 * https://github.com/clappr/clappr/issues/947
 */
export const createErrorLog = (clock: Clock, tell: (error: PlayerError, count: number) => void) => {
  const storms: Record<string, { error: PlayerError; count: number; since: number; cancel: () => void }> = {}
  const end = (kind: string) => {
    const { error, count, cancel } = storms[kind]!
    cancel()
    delete storms[kind]
    tell(error, count)
  }
  return {
    add(error: PlayerError) {
      const now = clock.now()
      const kind = [error.category, error.code, error.http_status, error.recovered].join()
      const before = storms[kind]
      before?.cancel()
      const since = before ? before.since : now
      storms[kind] = {
        // The newest: what it says of the attempt is nearest to how it ended.
        error,
        count: (before ? before.count : 0) + 1,
        since,
        cancel: clock.setTimer(() => end(kind), Math.min(QUIET_MS, since + STORM_MS - now)),
      }
    },
    /** Tells of all that is held, because the view may not come to it later. */
    flush() {
      for (const kind of Object.keys(storms)) end(kind)
    },
  }
}
