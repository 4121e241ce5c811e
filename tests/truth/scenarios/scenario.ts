import type { Stage } from '../openStage.ts'
import type { Special } from '../page/openPage.ts'

/** Something that happens to a viewer. */
export interface Scenario {
  /** From the moment that the page is there. */
  play: (stage: Stage) => Promise<void>
  /** How often it makes the picture stand still, anything else being the machine's doing. */
  stalls: number
  /** Frames come late or unheard because the scenario has it so. */
  isRough?: boolean
  /** The engine gives up in it: the last time that the picture stands is no stall. */
  fails?: boolean
  special?: Special
}

/** Up to the 9th: Shaka looks into a segment from the middle of an HLS playlist before it plays any. */
export const HELD = { from: 2, to: 8 }

/** What is not there yet when the page opens, or a place a few seconds ahead. */
export const ahead = ({ isLive, session }: Stage) => (isLive ? { from: session.newest() + 1 } : HELD)

/** Waits until what was not held has been shown. */
export const untilDry = async (stage: Stage) => {
  if (!stage.isLive) await stage.untilAt(3.9)
  else await stage.untilMoving()
  await stage.untilStill()
}

/** Tracks a video and gives it something to play. */
export const begin = async (stage: Stage) => {
  await stage.track()
  await stage.load()
}
