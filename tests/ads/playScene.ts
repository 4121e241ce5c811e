import { setTimeout as sleep } from 'node:timers/promises'
import { type AdsStage, callPage, happeningsUntil } from './openAdsPage.ts'
import type { AdsPage, Seen } from './page/openPage.ts'
import type { Scene } from './scenes.ts'
import { type Truth, tellTruth } from './tellTruth.ts'

/** How much of the content is seen after a break, frames, and how long the end of a post-roll is waited for, ms. */
const FRAMES_AFTER = 25
const AFTER_POST_MS = 500

/** How late a frame may be before a scene says more of the machine than of the SDK, ms; how often it is played again then. */
const ROUGH_MS = 150
const REPEATS = 2

/** A scene as it was played: what the page and the SDK say of it, and what was on screen. */
export interface Played {
  seen: Seen
  truth: Truth
  /** What the page itself complained of: errors that nobody caught. */
  complaints: string[]
}

const playOnce = (stage: AdsStage, scene: Scene) =>
  stage.visitPage(scene.scripts, async (page): Promise<Played> => {
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    if (scene.pause_ms && scene.scripts.length) await callPage(page, 'pauseAtFirstQuartile', scene.pause_ms)
    const [name, ...args] = scene.open(stage.siteUrl())
    await callPage(page, name, ...(args as never))
    if (scene.needsPlay) {
      await happeningsUntil(page, 'breakStart')
      await callPage(page, 'play')
    }
    await happeningsUntil(page, 'breakEnd')
    if (scene.position === 'post') await sleep(AFTER_POST_MS)
    else
      await page.waitForFunction(
        (frames) => (window as unknown as { adsPage: AdsPage }).adsPage.framesSinceBreak() > frames,
        FRAMES_AFTER,
        { polling: 100 },
      )
    const seen = await callPage(page, 'finish')
    return { seen, truth: tellTruth(seen), complaints }
  })

/** Plays a scene in a page of its own; again, where the witness saw that the machine was too busy. */
export const playScene = async (stage: AdsStage, scene: Scene, left = REPEATS): Promise<Played> => {
  const played = await playOnce(stage, scene)
  return left && played.truth.rough_ms > ROUGH_MS ? playScene(stage, scene, left - 1) : played
}
