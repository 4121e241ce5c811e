import type { Browser } from 'playwright-core'
import { launchChromium } from '../e2e/browser.ts'
import { createTurns } from './createTurns.ts'
import { isDisturbed } from './isDisturbed.ts'
import type { PlayerName } from './players.ts'
import { type Played, playScenario } from './playScenario.ts'
import { SCENARIOS, type ScenarioName } from './scenarios/index.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { startSite } from './site.ts'

/** How many scenes are played at a time: most of each is waiting, but each decodes a video. */
const STAGES = 4

/** How often a scene is played again because the machine, not the SDK, made something else of it. */
const REPEATS = 2

/** Of all theatres of a test file: they share a machine. */
const inTurn = createTurns(STAGES)

/** A browser and a site in which scenarios are played, each on each engine once, whoever asks for it. */
export const openTheatre = async (launch: () => Promise<Browser> = launchChromium) => {
  const [browser, site] = await Promise.all([launch(), startSite()])
  const scenes = new Map<string, Promise<Played>>()
  /** The scenes that may have to be played alone, because something was wrong with one of them. */
  const suspects = new Set<string>()

  /**
   * Only what the witness saw decides whether a scene is played again, never what the SDK says of it. The last time it is
   * played alone, so that all of the machine is there for it.
   */
  const playCalmly = async (
    player: PlayerName,
    scenario: Scenario,
    isLive: boolean,
    isAlone: boolean,
    left = REPEATS,
  ): Promise<Played> => {
    const turns = isAlone || !left ? STAGES : 1
    const played = await inTurn(() => playScenario(browser, site, player, scenario, isLive), turns)
    const truths = played.views.map(({ truth }) => truth)
    return left && isDisturbed(truths, scenario)
      ? playCalmly(player, scenario, isLive, isAlone, left - 1)
      : played
  }

  return {
    play(player: PlayerName, scenario: ScenarioName, isLive = false) {
      const name = `${player} ${scenario} ${isLive}`
      const scene = scenes.get(name) ?? playCalmly(player, SCENARIOS[scenario], isLive, suspects.has(name))
      scenes.set(name, scene)
      return scene
    },
    /** Plays anew what is asked for from now on, and alone what was played before. */
    forget() {
      for (const name of scenes.keys()) suspects.add(name)
      scenes.clear()
    },
    async close() {
      await browser.close()
      site.close()
    },
  }
}

/** A browser and a site in which scenarios are played. */
export type Theatre = Awaited<ReturnType<typeof openTheatre>>
