import type { FrameSeen } from '../truth/witness.ts'
import type { Happening, Seen } from './page/openPage.ts'

/** What was on screen, by the frames alone. Times are ms of the page, but for how long something moved. */
export interface Truth {
  /** How much of the content's media was shown, and for how long it moved. */
  content_ms: number
  content_moved_ms: number
  /** For how long ads moved. */
  ads_moved_ms: number
  /** When anything moved first, and when the content did. */
  moved_at: number
  content_moved_at: number
  /** The furthest place of the content that was shown, ms. */
  furthest_ms: number
  /**
   * How long ads had been on screen, or the content's last frame had stood, before the break was told of, and how long the
   * content was back before its end was: players look at the time four times a second.
   */
  late_ms: number
  overdue_ms: number
  /** By how much frames were late, at worst, where nobody had paused: the machine was too busy. */
  rough_ms: number
}

/** Frames further apart than this in the media do not follow one another, s. */
const STEP_S = 0.5

/** How long a frame is due to be shown, ms: 25 or 30 in a second. */
export const FRAME_MS = 37

/** A stretch in which frames followed one another. */
interface Run {
  width: number
  begin: number
  end: number
  /** How much of the media it is, and for how long it moved. */
  ms: number
  moved_ms: number
  furthest_ms: number
  rough_ms: number
}

/** The stretches in which frames followed one another. A frame alone is a still. */
const runsOf = (frames: FrameSeen[], happenings: Happening[]): Run[] => {
  const isBetween = (names: string[], from: FrameSeen, to: FrameSeen) =>
    happenings.some(({ name, at }) => names.includes(name) && at > from.now && at <= to.now)
  const runs: FrameSeen[][] = []
  let lost_ms = 0
  for (const frame of frames) {
    const before = runs.at(-1)?.at(-1)
    const step = before && !isBetween(['*emptied'], before, frame) ? frame.mediaTime - before.mediaTime : -1
    const follows = step >= 0 && step < STEP_S
    if (follows && before!.width !== frame.width) lost_ms = Math.max(lost_ms, step * 1000 - FRAME_MS)
    if (follows && before!.width === frame.width) runs.at(-1)!.push(frame)
    else runs.push([frame])
  }
  return runs.flatMap((run) => {
    const [first, second] = run
    const last = run.at(-1)!
    if (!first || !second || last.mediaTime === first.mediaTime) return []
    // The first may have stood as a still before.
    const begin = Math.max(first.presentationTime, second.presentationTime - FRAME_MS)
    const gaps = run.slice(2).map((frame, index) => {
      const before = run[index + 1]!
      const gap = frame.presentationTime - before.presentationTime
      return isBetween(['*pause', 'paused'], before, frame) ? Math.min(gap, FRAME_MS) : gap
    })
    return {
      width: first.width,
      begin,
      end: last.presentationTime + FRAME_MS,
      ms: (last.mediaTime - first.mediaTime) * 1000 + FRAME_MS,
      moved_ms: gaps.reduce((sum, gap) => sum + gap, second.presentationTime - begin + FRAME_MS),
      furthest_ms: last.mediaTime * 1000 + FRAME_MS,
      rough_ms: Math.max(lost_ms, ...gaps.map((gap) => gap - FRAME_MS)),
    }
  })
}

const sum = (runs: Run[], name: 'ms' | 'moved_ms') => runs.reduce((all, run) => all + run[name], 0)

/** Reads off what was on screen. Of those in one element, the larger frames are the content's. */
export const tellTruth = ({ frames, framesBeside, happenings }: Seen): Truth => {
  const width = Math.max(...frames.map((frame) => frame.width))
  const inElement = runsOf(frames, happenings)
  const content = inElement.filter((run) => run.width === width)
  const ads = [...inElement.filter((run) => run.width < width), ...runsOf(framesBeside, happenings)]
  const all = [...content, ...ads]
  const atOf = (event: string) => happenings.find(({ name }) => name === event)!.at
  const [from, to] = [atOf('breakStart'), atOf('breakEnd')]
  const before = content.findLast(({ begin }) => begin < from)
  const after = content.find(({ begin }) => begin > from)
  // An ad's last frame stands until its end is told.
  const tails = happenings
    .filter(({ name }) => name === 'end')
    .map(({ at }) => at - (ads.findLast(({ begin }) => begin < at)?.end ?? at))
  return {
    content_ms: sum(content, 'ms'),
    content_moved_ms: sum(content, 'moved_ms'),
    ads_moved_ms: sum(ads, 'moved_ms'),
    moved_at: Math.min(...all.map(({ begin }) => begin)),
    content_moved_at: Math.min(...content.map(({ begin }) => begin)),
    furthest_ms: Math.max(...content.map(({ furthest_ms }) => furthest_ms)),
    late_ms: before ? Math.max(0, from - before.end) : 0,
    overdue_ms: after ? Math.max(0, to - after.begin) : 0,
    rough_ms: Math.max(...tails, ...all.map(({ rough_ms }) => rough_ms)),
  }
}
