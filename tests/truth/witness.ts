/** A frame as the browser told of it. Times are the page's `performance.now()`, but for the frame's own place in the media, s. */
export interface FrameSeen {
  /** When the page heard of it. */
  now: number
  expectedDisplayTime: number
  /** When it was handed over to be shown. */
  presentationTime: number
  mediaTime: number
  /** How many frames have been shown so far, the ones that the page never heard of among them. */
  presentedFrames: number
  width: number
  height: number
}

/** Something done to the video, or said by it. `to`: the place that was sought, s. */
export interface Call {
  name: 'load' | 'play' | 'refused' | 'pause' | 'seek' | 'switch' | 'ended'
  at: number
  to?: number
}

/** All that a witness saw until it was asked. */
export interface Log {
  frames: FrameSeen[]
  calls: Call[]
  until: number
  /** It was playing already when the log begins. */
  isLate?: boolean
}

/** A time that began and ended. */
export interface Span {
  begin: number
  end: number
}

/** What happened on the screen. */
export interface Truth {
  /** How long a frame is due to be shown, ms. */
  frame_ms: number
  /** The first call of `play` that was not refused. */
  asked?: number
  /** From that call until the picture moves: a frame before its second one is shown. */
  startup_ms?: number
  /** From that call to the first frame after it, which may be a still for a while. */
  painted_ms?: number
  /** The picture stood still without anybody's wish; after a pause, from the call to go on. */
  stalls: Span[]
  /** So near the threshold that it is fair to call them stalls, and fair not to. */
  doubtful: Span[]
  /** The picture stood still for good, because the engine had given up. */
  failed_at?: number
  /** The picture stood still after somebody had asked to begin again from the end. */
  resumes: Span[]
  /** From the first call of a burst until the picture moves at the place last sought; `asked`: the burst's last call. */
  seeks: (Span & { asked: number })[]
  switches: { at: number; width: number; height: number }[]
  /** How long the picture moved, apart from what is doubtful. */
  played_ms: number
  /** How much later frames were shown than they were due, where that is no stall yet: the machine was too busy. */
  rough_ms: number
}

/** A picture that stands still for longer than this has stalled, ms. */
export const STALL_MS = 250

/** From here on it has for everybody: whoever looks a few times in a second may miss what is shorter, ms. */
const SURE_MS = 500

/** How near the lower threshold neither verdict is wrong, ms, apart from a frame. */
const DOUBT_MS = 40

/** What is shorter is no stall for anybody, ms. */
const UNSURE_MS = STALL_MS - DOUBT_MS

/** A frame that is late by this much is late, ms. */
const LATE_MS = 60

/** How far beyond the place that was sought its first frame may lie, s, apart from the time since. */
const SEEK_SLACK_S = 0.15

interface Shown extends FrameSeen {
  at: number
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const frameLength = (frames: Shown[]) => {
  const steps = frames.slice(1).flatMap((frame, index) => {
    const before = frames[index]!
    const step = (frame.mediaTime - before.mediaTime) * 1000
    return frame.presentedFrames - before.presentedFrames === 1 && step > 0 && step < STALL_MS ? [step] : []
  })
  return median(steps) ?? 40
}

/**
 * When the picture began to move with a frame: that may be a still for a while, until a second one is shown. Frames that the
 * page did not hear of were shown right before the next one.
 */
const movedAt = (frames: Shown[], index: number, frame_ms: number) => {
  const [frame, next] = [frames[index], frames[index + 1]]
  if (!frame || !next) return frame?.at
  return Math.max(frame.at, next.at - (next.presentedFrames - frame.presentedFrames) * frame_ms)
}

/** When the picture began to move after it was first asked to: a frame is shown of another place than the one before. */
const startOf = (frames: Shown[], asked: number, frame_ms: number) => {
  const moved = frames.findIndex(
    ({ at, mediaTime }, index) => at > asked && index > 0 && mediaTime !== frames[index - 1]!.mediaTime,
  )
  return moved < 0 ? undefined : Math.max(asked, movedAt(frames, moved - 1, frame_ms)!)
}

/** How much of a start is unclear: a still was shown first, or the first frames were skipped. */
const unclear = (frames: Shown[], asked: number, frame_ms: number) => {
  const after = frames.findIndex(({ at }) => at > asked)
  const moved = frames.findIndex(
    ({ mediaTime }, index) => index >= after && index > 0 && mediaTime !== frames[index - 1]!.mediaTime,
  )
  if (moved < 1) return 0
  const [first, last, next] = [frames[after]!, frames[moved - 1]!, frames[moved]!]
  const still = last.at > asked ? next.at - first.at - frame_ms : 0
  const skipped = (next.mediaTime - last.mediaTime) * 1000 - frame_ms
  return Math.max(0, still, skipped)
}

/** The calls that had an effect: what was refused had none. */
const granted = (calls: Call[]) =>
  calls.filter(({ name }, index) => name !== 'refused' && calls[index + 1]?.name !== 'refused')

/** When the video was paused, or had not yet begun. */
const pausesOf = ({ calls, until, isLate }: Log, start = until): Span[] => {
  const pauses: Span[] = []
  let begin = isLate ? undefined : Number.NEGATIVE_INFINITY
  for (const { name, at } of calls) {
    if (name === 'play' && begin !== undefined) {
      pauses.push({ begin, end: pauses.length || isLate ? at : start })
      begin = undefined
    }
    if (name === 'pause' || name === 'ended') begin ??= at
  }
  return begin === undefined ? pauses : [...pauses, { begin, end: until }]
}

/** The seeks, those of a burst taken together. */
const seeksOf = ({ calls, until }: Log, frames: Shown[], frame_ms: number) => {
  const seeks: (Span & { asked: number })[] = []
  for (const { name, at, to = 0 } of calls) {
    if (name !== 'seek') continue
    const arrival = frames.findIndex(
      (frame) =>
        frame.at > at &&
        frame.mediaTime > to - (1.5 * frame_ms) / 1000 &&
        frame.mediaTime < to + (frame.at - at) / 1000 + SEEK_SLACK_S,
    )
    const end = movedAt(frames, arrival, frame_ms) ?? until
    const last = seeks.at(-1)
    if (last && last.end > at) Object.assign(last, { asked: at, end })
    else seeks.push({ begin: at, asked: at, end })
  }
  return seeks
}

/** What is left of a span when others are taken out. */
const without = (span: Span, others: Span[]): Span[] =>
  others.reduce<Span[]>(
    (left, other) =>
      left.flatMap(({ begin, end }) =>
        [
          { begin, end: Math.min(end, other.begin) },
          { begin: Math.max(begin, other.end), end },
        ].filter((part) => part.end > part.begin),
      ),
    [span],
  )

/** A time in which no frame was shown. `isAfterFrame`: it began with one, which was due to be shown for a while. */
interface Part extends Span {
  isAfterFrame: boolean
}

/** For how long the picture stood in it, ms. */
const standing = ({ begin, end, isAfterFrame }: Part, frame_ms: number) =>
  isAfterFrame ? Math.max(0, end - begin - frame_ms) : end - begin

/** A lone frame between two standstills makes one of them: the picture moves when a second one is shown. */
const joined = (parts: Part[], frame_ms: number) => {
  const all: Part[] = []
  for (const part of parts) {
    const last = all.at(-1)
    const isLone =
      last?.end === part.begin && [last, part].every((one) => standing(one, frame_ms) > UNSURE_MS)
    if (isLone) last.end = part.end
    else all.push({ ...part })
  }
  return all
}

/** Reads off what happened: by the frames alone, and what was asked of the video. */
export const tellTruth = (seen: Log): Truth => {
  const log = { ...seen, calls: granted(seen.calls) }
  const frames = log.frames.map((frame) => ({ ...frame, at: frame.presentationTime }))
  const frame_ms = frameLength(frames)
  const asked = log.isLate ? undefined : log.calls.find(({ name }) => name === 'play')?.at
  const painted = asked === undefined ? undefined : frames.find(({ at }) => at > asked)?.at
  const start = asked === undefined ? undefined : startOf(frames, asked, frame_ms)
  const pauses = pausesOf(log, start)
  const seeks = seeksOf(log, frames, frame_ms)
  const truth: Truth = {
    frame_ms,
    ...(asked !== undefined && { asked }),
    ...(start !== undefined && { startup_ms: start - asked! }),
    ...(painted !== undefined && { painted_ms: painted - asked! }),
    stalls: [],
    doubtful: [],
    resumes: [],
    seeks,
    switches: [],
    played_ms: 0,
    rough_ms: 0,
  }
  const play = (ms: number) => {
    truth.played_ms += ms
  }
  const beRough = (ms: number) => {
    if (ms > LATE_MS) truth.rough_ms += ms
  }
  if (asked !== undefined) beRough(unclear(frames, asked, frame_ms))
  const isReplay = (at: number) =>
    log.calls.findLast((call) => call.at < at && (call.name === 'pause' || call.name === 'ended'))?.name ===
    'ended'

  /** The picture stood so long: as long as a frame is due to be shown, or longer. */
  const stand = (part: Part) => {
    const { begin, end, isAfterFrame } = part
    const shown = Math.min(end - begin, frame_ms)
    const late = end - begin - shown
    const wait = { begin: isAfterFrame ? begin + shown : begin, end }
    const length = standing(part, frame_ms)
    play(shown)
    if (!isAfterFrame && isReplay(begin)) truth.resumes.push({ begin, end })
    else if (length > SURE_MS + DOUBT_MS) truth.stalls.push(wait)
    else if (length > UNSURE_MS) truth.doubtful.push(wait)
    else {
      play(late)
      beRough(late)
    }
  }

  const parts: Part[] = []
  frames.forEach((frame, index) => {
    const next = frames[index + 1]
    const end = next?.at ?? log.until
    // Frames that the page did not hear of were shown right before the next one: it was busy, or the player caught up.
    const unheard = next ? Math.max(0, next.presentedFrames - frame.presentedFrames - 1) * frame_ms : 0
    const still = { begin: frame.at, end: Math.max(frame.at, end - unheard) }
    const others = [...pauses, ...seeks]
    for (const part of without({ begin: still.end, end }, others)) play(part.end - part.begin)
    for (const part of without(still, others)) parts.push({ ...part, isAfterFrame: part.begin === frame.at })
    if (next && (next.width !== frame.width || next.height !== frame.height))
      truth.switches.push({ at: next.at, width: next.width, height: next.height })
  })
  for (const part of joined(parts, frame_ms)) stand(part)
  return truth
}
