import type { Stage } from '../openStage.ts'
import { begin, type Scenario } from './scenario.ts'

/** How long the viewer hesitates where the browser does not let a video begin by itself, ms. */
const HESITATION_MS = 3300

/** One clip after another in the same player, given as `give` gives it. */
const playsNext = (give: (stage: Stage) => Promise<void>): Scenario => ({
  stalls: 0,
  async play(stage) {
    await begin(stage)
    await stage.play()
    await stage.untilAt(2.5)
    await give(stage)
    await stage.play()
    await stage.untilMoving()
    await stage.sleep(2000)
  },
})

/** How playback begins, and begins again. */
export const STARTS = {
  /** The media of a video that was asked for comes late. */
  startup: {
    stalls: 0,
    async play(stage) {
      stage.session.hold()
      await begin(stage)
      await stage.play()
      await stage.untilHeld()
      await stage.sleep(1000)
      stage.session.release()
      await stage.untilMoving()
      await stage.sleep(1000)
    },
  },

  /** The element is to play by itself, and the browser waits for a gesture. */
  autoplay: {
    stalls: 0,
    special: { autoplay: true, sound: true, begin: true },
    async play(stage) {
      await stage.sleep(HESITATION_MS)
      await stage.click()
      await stage.untilMoving()
      await stage.sleep(1500)
    },
  },

  /** The page's script calls `play`, and the browser refuses. */
  refused: {
    stalls: 0,
    special: { begin: true, sound: true },
    async play(stage) {
      await stage.sleep(HESITATION_MS)
      await stage.click()
      await stage.untilMoving()
      await stage.sleep(1500)
    },
  },

  /** The element is there long before it has anything to play. */
  empty: {
    stalls: 0,
    async play(stage) {
      await stage.track()
      await stage.sleep(1500)
      await stage.load()
      await stage.play()
      await stage.untilMoving()
      await stage.sleep(1000)
    },
  },

  /** The SDK comes when the video has been playing for a while. */
  late: {
    stalls: 0,
    async play(stage) {
      await stage.load()
      await stage.play()
      await stage.untilAt(2)
      await stage.track()
      await stage.sleep(3000)
    },
  },

  /** The next clip is put into the same player. */
  change: playsNext((stage) => stage.loadNext()),

  /** So it is, and the page says what it is. */
  announced: playsNext((stage) => stage.announceNext()),

  /** The viewer plays it once more when it has ended. */
  replay: {
    stalls: 0,
    async play(stage) {
      await begin(stage)
      await stage.play()
      await stage.untilAt(0.5)
      await stage.seek((await stage.duration()) - 2)
      await stage.untilEnded()
      await stage.sleep(700)
      await stage.play()
      await stage.untilMoving()
      await stage.sleep(1500)
    },
  },

  /** The element begins again from its end by itself. */
  loop: {
    stalls: 0,
    special: { loop: true },
    async play(stage) {
      await stage.track()
      await stage.load('sample.mp4#t=27')
      await stage.play()
      await stage.untilMoving()
      await stage.sleep(5500)
    },
  },
} satisfies Record<string, Scenario>
