import type { Browser } from 'playwright-core'
import { readClaims } from './claims.ts'
import { cutLog } from './cutLog.ts'
import { openStage, type Seen } from './openStage.ts'
import type { PlayerName } from './players.ts'
import type { Scenario } from './scenarios/scenario.ts'
import type { Site } from './site.ts'
import { type Truth, tellTruth } from './witness.ts'

/** Where the engine gave up, the last time that the picture stood still is no stall. */
const withFailure = (truth: Truth): Truth => ({
  ...truth,
  stalls: truth.stalls.slice(0, -1),
  failed_at: truth.stalls.at(-1)?.begin ?? Number.NaN,
})

/** Each view by itself: what happened in it, and what the SDK says of it. A view lasts as long as a source. */
const viewsOf = ({ log, events, trackedAt }: Seen, { fails }: Scenario) => {
  const begins = log.calls.filter(({ name }) => name === 'load').map(({ at }) => at)
  const isLate = log.calls.some(({ name, at }) => name === 'play' && at < trackedAt)
  const ids = [...new Set(events.map(({ view_id }) => view_id))]
  return ids.map((id, index) => {
    const own = events.filter(({ view_id }) => view_id === id)
    const from = index ? (begins[index] ?? log.until) : isLate ? trackedAt : 0
    const truth = tellTruth(cutLog(log, from, begins[index + 1], isLate && !index))
    const beganAt = trackedAt + own[0]!.ts - events[0]!.ts
    return {
      events: own,
      /** The page's time at the view's 0. */
      trackedAt: beganAt,
      truth: fails ? withFailure(truth) : truth,
      claims: readClaims(own, beganAt),
    }
  })
}

/** Plays a scenario on an engine: what happened, and what the SDK says of it. */
export const playScenario = async (
  browser: Browser,
  site: Site,
  player: PlayerName,
  scenario: Scenario,
  isLive = false,
) => {
  const stage = await openStage(browser, site, player, isLive, scenario.special)
  try {
    await scenario.play(stage)
    const seen = await stage.finish()
    const views = viewsOf(seen, scenario)
    return { ...seen, views, ...views[0]! }
  } finally {
    await stage.close()
  }
}

/** A scenario that was played. */
export type Played = Awaited<ReturnType<typeof playScenario>>

/** One view of it. */
export type View = Played['views'][number]
