import type { Still } from './createPlayback.ts'

/** How long a picture must stand still to be a stall, ms: less is a blip that few viewers notice. */
const STALL_MS = 250

/** How long a wait may last where the media are nearly over, ms. */
const END_MS = 1000

/** How many frames must be overdue for a picture to stand though its data are there, and have come to know when one is. */
const OVERDUE = 8

/** Frames that may be decoded and not shown yet: browsers count some of the first, some of the second. */
const AHEAD = 2

/** How long a wait must last to be a stall, ms. */
export const patience = (atEnd: boolean | undefined) => (atEnd ? END_MS : STALL_MS)

/** How much less than the clock the playhead may go between two looks and still be moving, ms. */
const JITTER_MS = 80

/** What a look at the element sees. Times and positions in ms. */
export interface Look {
  at: number
  position: number
  rate: number
  /** Frames decoded so far; unknown where the element does not count them, or nobody sees them. */
  frames?: number | undefined
  /** Where what is buffered of every track ends, at or before the playhead's range. */
  bufferedTo?: number | undefined
  /** The media are nearly over: players wait there for a moment before they know. */
  atEnd?: boolean | undefined
  /** The element said, at this time, that it waits for data. */
  waitingSince?: number | undefined
}

/**
 * Makes out from looks at a playing element, a few in a second, whether its picture moves. The playhead alone does not
 * tell: browsers let clock and sound run on for seconds when only the video's data are missing. Then the picture stands
 * where what is buffered of all tracks ends, which also says since when.
 */
export const createMotion = () => {
  let last: Look | undefined
  let stoodAt: number | undefined
  /** From where on frames are counted: between two looks a show of slides may have one or none. */
  let first: Look | undefined
  /** When the last frame was there, and how many come in a ms; 0: nobody knows. */
  let framesAt = 0
  let density = 0
  let doubts = false

  return {
    /** Forgets what was seen: the playhead is about to be elsewhere. */
    reset: () => {
      last = stoodAt = undefined
      doubts = false
    },
    /** The picture may have begun to stand, as of the last look: who speaks now speaks too early. */
    get doubts() {
      return doubts
    },
    /** Answers since when the picture stands, if it does. */
    look(now: Look): Still | undefined {
      const before = last
      last = now
      if (!before || before.rate !== now.rate) {
        first = now
        framesAt = now.at
        density = 0
        stoodAt = undefined
        return
      }
      const { at, position, rate, frames, bufferedTo, waitingSince } = now
      const enough = patience(now.atEnd)
      const passed = at - before.at
      const went = (position - before.position) / rate
      if (went < passed - JITTER_MS) {
        if (stoodAt === undefined || went > 20) stoodAt = before.at + Math.max(0, went)
      } else stoodAt = undefined
      // NaN where nobody counts them: then only the playhead tells.
      const came = frames! - before.frames!
      // Once they are late, a lone one is no movement.
      if (came !== 0 && !(framesAt < before.at && came * 4 < density * passed)) {
        // Fewer than before: they stopped on the way, and those that were decoded ahead came on screen after that.
        framesAt = before.at + Math.min(passed, (came + AHEAD) / density || passed)
        const seen = frames! - first!.frames!
        density = seen < OVERDUE ? 0 : seen / (at - first!.at)
      }
      const moves = went > 20 && came !== 0

      // How long ago, by its own clock, the playhead ran out of data, if it has: there the picture stands.
      const beyond = Math.max(0, position - (bufferedTo ?? position)) / rate
      doubts = !moves || stoodAt! >= 0 || beyond > 0 || (at - framesAt) * density > 2 * AHEAD
      const found = (since: number, by: Still['by'], isAt = position - beyond * rate) => ({
        since: Math.round(since),
        by,
        position: Math.round(isAt),
      })
      if (waitingSince !== undefined && at - waitingSince >= enough && !moves)
        return found(waitingSince - beyond, 'event')
      if (stoodAt !== undefined && went <= 20 && at - stoodAt >= enough)
        return found(stoodAt - beyond, 'playhead')
      if (came === 0 && went > 20) {
        if (beyond >= enough) return found(at - beyond, 'frames')
        // So many frames overdue: a show of slides has few.
        if (!beyond && at - framesAt >= Math.max(2 * STALL_MS, OVERDUE / density))
          return found(framesAt, 'frames', position - (at - framesAt) * rate)
      }
    },
  }
}
