import type { STATES } from '@viewbeat/schema'

/** One of the states a view can be in. */
export type State = (typeof STATES)[number]

/**
 * Adds up the ms a view spends in each state, one at a time. Times are whole ms since the view began, so that the sums
 * add up to the elapsed time exactly. While `away` (frozen in the back/forward cache) no state is credited.
 */
export const createStateClock = () => {
  const times: Partial<Record<State | 'away', number>> = {}
  let state: State = 'preloading'
  let away = false
  let since = 0

  const settle = (at: number) => {
    const credited = away ? 'away' : state
    times[credited] = (times[credited] ?? 0) + Math.max(0, at - since)
    since = at
  }
  return {
    get state() {
      return state
    },
    enter(next: State, at: number) {
      settle(at)
      state = next
    },
    setAway(isAway: boolean, at: number) {
      settle(at)
      away = isAway
    },
    /** The times up to `at`. */
    read(at: number) {
      settle(at)
      return times
    },
  }
}
