import type { Sample } from '../trace.ts'
import type { Glimpse } from './watchElement.ts'

/** How far a playhead may be from where its trace has it, s. */
const OFF_S = 0.03
const STILL_S = 0.004
/** By how much the end of what is buffered may be late while nothing waits for it, s. */
const BUFFERED_S = 0.25

/** How many frames decoders are ahead of what is shown, at most. */
const DECODED_AHEAD = 6

const HELD = [
  'readyState',
  'paused',
  'seeking',
  'ended',
  'duration',
  'playbackRate',
  'loop',
  'autoplay',
  'muted',
  'width',
  'height',
  'error',
  'visible',
  'userActivation',
] as const

/** What an element has before anything happens to it. */
const INITIAL: Partial<Sample> = {
  readyState: 0,
  paused: true,
  seeking: false,
  ended: false,
  duration: 'unknown',
  playbackRate: 1,
  loop: false,
  autoplay: false,
  muted: false,
  width: 0,
  height: 0,
  error: 0,
  visible: true,
  userActivation: false,
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000

/** How many glimpses from one on are of a playhead that runs, or stands. */
const runOf = (seen: Glimpse[], from: number, moving: boolean) => {
  const { at, currentTime, playbackRate } = seen[from]!
  const isFit = (one: Glimpse) => {
    const went = moving ? ((one.at - at) / 1000) * playbackRate : 0
    return (
      one.playbackRate === playbackRate &&
      Math.abs(one.currentTime - currentTime - went) <= (moving ? OFF_S : STILL_S)
    )
  }
  let to = from
  while (to < seen.length && isFit(seen[to]!)) to++
  return to - from
}

/** Where the playhead is put, and whether it runs from there, by the index of the glimpse. */
const stretchesOf = (seen: Glimpse[]) => {
  const stretches = new Map<number, Pick<Sample, 'currentTime' | 'moving'>>()
  let wasMoving: boolean | undefined
  for (let index = 0; index < seen.length; ) {
    const [standing, running] = [runOf(seen, index, false), runOf(seen, index, true)]
    const moving = running > standing
    stretches.set(index, {
      currentTime: round(seen[index]!.currentTime),
      ...(moving !== wasMoving && { moving }),
    })
    wasMoving = moving
    index += moving ? running : standing
  }
  return stretches
}

const isNearly = (one: [number, number][], other: [number, number][]) =>
  one.length === other.length &&
  one.every(
    ([start, end], i) =>
      Math.abs(start - other[i]![0]) < BUFFERED_S && Math.abs(end - other[i]![1]) < BUFFERED_S,
  )

/** The samples of a trace that say what an element was seen to do since `from`, and no more. */
export const thin = (all: Glimpse[], from: number): Sample[] => {
  const before = all.findLastIndex(({ at }) => at <= from)
  const { event: _, frame: __, engine: ___, ...first } = all[Math.max(0, before)]!
  const seen: Glimpse[] = [{ ...first, at: from }, ...all.slice(before + 1)]
  const stretches = stretchesOf(seen)
  const said: Record<string, unknown> = { ...INITIAL, buffered: '[]' }
  const samples: Sample[] = []
  let buffered: [number, number][] = []
  /** How many frames the trace has the element count. */
  let counted = seen[0]!.frames

  for (const [index, one] of seen.entries()) {
    const { event, persisted, frame, engine } = one
    const sample: Sample = {
      at: Math.round(one.at - from),
      ...(event && { event }),
      ...(persisted && { persisted }),
      ...(frame !== undefined && { frame: round(frame) }),
      ...(engine && { engine }),
    }
    for (const key of HELD) {
      if (said[key] !== one[key]) Object.assign(sample, { [key]: one[key] })
      said[key] = one[key]
    }
    const ranges = one.buffered.map(([start, end]): [number, number] => [round(start), round(end)])
    const isTurn = event && event !== 'timeupdate' && event !== 'progress'
    if (JSON.stringify(ranges) !== JSON.stringify(buffered) && (isTurn || !isNearly(ranges, buffered))) {
      buffered = ranges
      sample.buffered = ranges
    }
    if (frame !== undefined) counted++
    if (one.frames > counted + DECODED_AHEAD) {
      sample.dropped = one.frames - counted
      counted = one.frames
    }
    Object.assign(sample, stretches.get(index))
    if (index === 0 || Object.keys(sample).length > 1) samples.push(sample)
  }
  return samples
}
