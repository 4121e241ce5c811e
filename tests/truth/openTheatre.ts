import type { Browser } from 'playwright-core'
import { launchChromium } from '../e2e/browser.ts'
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

/** Lets so many things be done at a time. */
const createTurns = (free: number) => {
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

/** A browser and a site in which scenarios are played, each on each engine once, whoever asks for it. */
export const openTheatre = async (launch: () => Promise<Browser> = launchChromium) => {
  const [browser, site] = await Promise.all([launch(), startSite()])
  const scenes = new Map<string, Promise<Played>>()
  const inTurn = createTurns(STAGES)

  /** Only what the witness saw decides whether a scene is played again, never what the SDK says of it. */
  const playCalmly = async (
    player: PlayerName,
    scenario: Scenario,
    isLive: boolean,
    left = REPEATS,
  ): Promise<Played> => {
    const played = await inTurn(() => playScenario(browser, site, player, scenario, isLive))
    const truths = played.views.map(({ truth }) => truth)
    return left && isDisturbed(truths, scenario) ? playCalmly(player, scenario, isLive, left - 1) : played
  }

  return {
    play(player: PlayerName, scenario: ScenarioName, isLive = false) {
      const name = `${player} ${scenario} ${isLive}`
      const scene = scenes.get(name) ?? playCalmly(player, SCENARIOS[scenario], isLive)
      scenes.set(name, scene)
      return scene
    },
    /** Plays anew what is asked for from now on. */
    forget: () => scenes.clear(),
    async close() {
      await browser.close()
      site.close()
    },
  }
}

/** A browser and a site in which scenarios are played. */
export type Theatre = Awaited<ReturnType<typeof openTheatre>>
