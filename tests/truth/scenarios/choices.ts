import { STREAM } from '../stream.ts'
import { begin, type Scenario } from './scenario.ts'

/** What viewers choose while they watch. */
export const CHOICES = {
  /** The viewer goes where nothing is buffered, and its media comes late. */
  seek: {
    stalls: 0,
    async play(stage) {
      stage.session.hold({ from: 12, to: 13 })
      await begin(stage)
      await stage.play()
      await stage.untilAt(1.5)
      await stage.seek(25)
      await stage.sleep(1500)
      stage.session.release()
      await stage.untilMoving()
      await stage.sleep(1000)
    },
  },

  /** The viewer looks for a place: one seek after the other. */
  burst: {
    stalls: 0,
    async play(stage) {
      stage.session.hold({ from: 6, to: 15 })
      await begin(stage)
      await stage.play()
      await stage.untilAt(1.5)
      for (const to of [14, 20, 29]) {
        await stage.seek(to)
        await stage.sleep(150)
      }
      await stage.seek(25)
      await stage.sleep(1000)
      stage.session.release()
      await stage.untilMoving()
      await stage.sleep(1000)
    },
  },

  /** The viewer chooses a larger picture. */
  switch: {
    stalls: 0,
    async play(stage) {
      await begin(stage)
      await stage.play()
      // An engine that is asked late in a segment may have nothing to show when it ends.
      await stage.untilAt(STREAM.segment_ms / 1000)
      await stage.switchTo('high')
      await stage.untilWidth(320)
      await stage.sleep(1000)
    },
  },
} satisfies Record<string, Scenario>
