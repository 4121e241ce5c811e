import { ahead, begin, HELD, type Scenario, untilDry } from './scenario.ts'

/** Longer than a live window, ms. */
const TOO_LONG_MS = 14_000

/** How playback stands still, or seems to. */
export const STALLS = {
  /** All media stops coming for a while. */
  stall: {
    stalls: 1,
    async play(stage) {
      stage.session.hold(ahead(stage))
      await begin(stage)
      await stage.play()
      await stage.untilMoving()
      await stage.beat()
      await untilDry(stage)
      await stage.sleep(2500)
      stage.session.release()
      await stage.untilMoving()
      await stage.sleep(1500)
      await stage.beat()
    },
  },

  /** It stops coming twice. */
  stalls: {
    stalls: 2,
    async play(stage) {
      stage.session.hold(HELD)
      await begin(stage)
      await stage.play()
      await untilDry(stage)
      await stage.sleep(2000)
      stage.session.release()
      stage.session.hold({ from: 4, to: HELD.to })
      await stage.untilAt(6)
      await stage.untilStill()
      await stage.sleep(1000)
      stage.session.release()
      await stage.untilMoving()
      await stage.sleep(1000)
    },
  },

  /** The picture's media stops coming, the sound's does not. */
  freeze: {
    stalls: 1,
    async play(stage) {
      stage.session.hold({ track: 'video', ...ahead(stage) })
      await begin(stage)
      await stage.play()
      await untilDry(stage)
      await stage.sleep(1500)
      stage.session.release()
      await stage.untilMoving()
      await stage.sleep(1500)
    },
  },

  /** The viewer pauses while it stands still, and goes on before there is anything. */
  pause: {
    stalls: 2,
    async play(stage) {
      stage.session.hold(HELD)
      await begin(stage)
      await stage.play()
      await untilDry(stage)
      await stage.sleep(800)
      await stage.pause()
      await stage.sleep(1500)
      await stage.play()
      await stage.sleep(1500)
      stage.session.release()
      await stage.untilMoving()
      await stage.sleep(1000)
    },
  },

  /** A live stream stands still for so long that what was next is no longer there. */
  edge: {
    stalls: 1,
    async play(stage) {
      stage.session.hold(ahead(stage))
      await begin(stage)
      await stage.play()
      await untilDry(stage)
      await stage.sleep(TOO_LONG_MS)
      stage.session.release()
      await stage.untilMoving()
      await stage.sleep(2000)
    },
  },

  /** The picture stands for 200 ms, and the element says so. */
  blip: {
    stalls: 0,
    async play(stage) {
      await begin(stage)
      await stage.play()
      await stage.untilAt(1.5)
      await stage.blip(200)
      await stage.sleep(1500)
    },
  },

  /** The page is too busy to hear of what is shown. */
  busy: {
    stalls: 0,
    isRough: true,
    async play(stage) {
      await begin(stage)
      await stage.play()
      await stage.untilAt(2)
      await stage.block(800)
      await stage.sleep(2000)
    },
  },

  /** The viewer looks at another tab and hears on, faster. */
  background: {
    stalls: 0,
    isRough: true,
    async play(stage) {
      await begin(stage)
      await stage.play()
      await stage.untilAt(1.5)
      await stage.setRate(1.5)
      await stage.hide()
      await stage.sleep(20_000)
    },
  },
} satisfies Record<string, Scenario>
