import { begin, HELD, type Scenario } from './scenario.ts'
import { STALLS } from './stalls.ts'

/** What goes wrong. */
export const FAILURES = {
  /** There is no more media, which the engine learns while it plays: what is buffered plays on. */
  fatal: {
    stalls: 1,
    fails: true,
    special: { impatient: true },
    async play(stage) {
      stage.session.hold(HELD)
      stage.session.fail(HELD, 404)
      await begin(stage)
      await stage.play()
      await stage.untilAt(1.5)
      stage.session.release()
      await stage.untilAt(3)
      await stage.untilStill()
      await stage.sleep(2500)
    },
  },

  /** The engine learns it before the first frame is shown. */
  doomed: {
    stalls: 1,
    fails: true,
    special: { impatient: true },
    async play(stage) {
      stage.session.fail(HELD, 404)
      await begin(stage)
      await stage.play()
      await stage.untilAt(3)
      await stage.untilStill()
      await stage.sleep(2500)
    },
  },

  /** A segment comes at the 51st attempt, in time. */
  storm: {
    stalls: 0,
    async play(stage) {
      stage.session.fail({ track: 'video', from: 3, to: HELD.to }, 503, 50)
      await begin(stage)
      await stage.play()
      await stage.untilAt(7)
    },
  },

  /** The engine throws, whatever the SDK asks of it. */
  throwing: { ...STALLS.stall, special: { throwing: true } },
} satisfies Record<string, Scenario>
