import { describe, expect, it } from 'vitest'
import { judge } from './judge.ts'
import { type Call, type FrameSeen, type Truth, tellTruth } from './witness.ts'

const FRAME_MS = 40

/** Frames shown at these times, each of the next place in the media. */
const shownAt = (...times: number[]): FrameSeen[] =>
  times.map((at, index) => ({
    now: at,
    expectedDisplayTime: at,
    presentationTime: at,
    mediaTime: (index * FRAME_MS) / 1000,
    presentedFrames: index + 1,
    width: 160,
    height: 90,
  }))

/** The times of so many frames, one after the other. */
const steady = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i * FRAME_MS)

const call = (name: Call['name'], at: number, to?: number): Call => ({
  name,
  at,
  ...(to !== undefined && { to }),
})

describe('the witness', () => {
  it('counts a start from the call until the picture moves, not until a still is shown', () => {
    const frames = shownAt(400, ...steady(1000, 11))
    const truth = tellTruth({ frames, calls: [call('play', 100)], until: 1400 })
    expect(truth).toMatchObject({ painted_ms: 300, startup_ms: 860, stalls: [], played_ms: 440 })
  })

  it('takes the first frame of media that was there before the call for no start', () => {
    const frames = shownAt(50, ...steady(400, 11))
    const truth = tellTruth({ frames, calls: [call('play', 100)], until: 800 })
    expect(truth).toMatchObject({ startup_ms: 260, stalls: [] })
  })

  it('counts a start until the picture moves where a busy page did not hear of the first frames', () => {
    const frames = shownAt(400, ...steady(800, 11)).map((frame, index) =>
      index < 1 ? frame : { ...frame, presentedFrames: frame.presentedFrames + 4 },
    )
    const truth = tellTruth({ frames, calls: [call('play', 100)], until: 1200 })
    expect(truth).toMatchObject({ startup_ms: 500, stalls: [] })
    expect(truth.played_ms).toBe(600)
  })

  it('takes a long gap between frames for a stall, from when the next frame was due', () => {
    const frames = shownAt(...steady(0, 11), ...steady(1400, 11))
    const truth = tellTruth({ frames, calls: [call('play', -10)], until: 1800 })
    expect(truth.stalls).toEqual([{ begin: 440, end: 1400 }])
    expect(truth.played_ms).toBe(400 + FRAME_MS + 400)
  })

  it('takes a lone frame within a stall for no end of it: the picture moves when a second one is shown', () => {
    const frames = shownAt(...steady(0, 11), 2600, ...steady(3000, 11))
    const truth = tellTruth({ frames, calls: [call('play', -10)], until: 3400 })
    expect(truth).toMatchObject({ stalls: [{ begin: 440, end: 3000 }], doubtful: [] })
    expect(truth.played_ms).toBe(440 + 400)
  })

  it('takes two standstills that are too short for a stall for one, if there is a lone frame between them', () => {
    const frames = shownAt(...steady(0, 11), 820, ...steady(1240, 11))
    const truth = tellTruth({ frames, calls: [call('play', -10)], until: 1640 })
    expect(truth).toMatchObject({ stalls: [{ begin: 440, end: 1240 }], doubtful: [] })
  })

  it('takes frames that come late one after the other for no stall', () => {
    const frames = shownAt(...steady(0, 11), 600, 800, ...steady(1000, 11))
    const truth = tellTruth({ frames, calls: [call('play', -10)], until: 1400 })
    expect(truth).toMatchObject({ stalls: [], doubtful: [], played_ms: 1400 })
  })

  it('takes a short gap for none', () => {
    const frames = shownAt(...steady(0, 11), ...steady(600, 11))
    const truth = tellTruth({ frames, calls: [call('play', -10)], until: 1000 })
    expect(truth).toMatchObject({ stalls: [], doubtful: [], played_ms: 1000 })
  })

  it('does not judge a gap of about the threshold', () => {
    const frames = shownAt(...steady(0, 11), ...steady(900, 11))
    const truth = tellTruth({ frames, calls: [call('play', -10)], until: 1300 })
    expect(truth).toMatchObject({ stalls: [], doubtful: [{ begin: 440, end: 900 }], played_ms: 840 })
  })

  it('takes frames that a busy page did not hear of for shown', () => {
    const frames = shownAt(...steady(0, 11), ...steady(1200, 11)).map((frame, index) =>
      index < 11 ? frame : { ...frame, presentedFrames: frame.presentedFrames + 19 },
    )
    const truth = tellTruth({ frames, calls: [call('play', -10)], until: 1600 })
    expect(truth).toMatchObject({ stalls: [], played_ms: 1600 })
  })

  it('takes a pause for no stall, and cuts one by it', () => {
    const frames = shownAt(...steady(0, 11), ...steady(5000, 11))
    const calls = [call('play', -10), call('pause', 1000), call('play', 4000)]
    const truth = tellTruth({ frames, calls, until: 5400 })
    expect(truth.stalls).toEqual([
      { begin: 440, end: 1000 },
      { begin: 4000, end: 5000 },
    ])
    expect(truth.played_ms).toBe(400 + FRAME_MS + FRAME_MS + 400)
  })

  it('takes a stall that nothing ended for one until the end', () => {
    const truth = tellTruth({ frames: shownAt(...steady(0, 11)), calls: [call('play', -10)], until: 3000 })
    expect(truth.stalls).toEqual([{ begin: 440, end: 3000 }])
  })

  it('takes a picture that stands still at the end of the media for no stall', () => {
    const calls = [call('play', -10), call('ended', 440)]
    const truth = tellTruth({ frames: shownAt(...steady(0, 11)), calls, until: 3000 })
    expect(truth).toMatchObject({ stalls: [], played_ms: 440 })
  })

  it('takes the wait for a second start from the end for no stall', () => {
    const frames = shownAt(...steady(0, 11), ...steady(2000, 11))
    const calls = [call('play', -10), call('ended', 440), call('play', 1200)]
    const truth = tellTruth({ frames, calls, until: 2400 })
    expect(truth).toMatchObject({ stalls: [], resumes: [{ begin: 1200, end: 2000 }] })
  })

  it('counts a start from the call that was not refused', () => {
    const calls = [call('play', 100), call('refused', 110), call('play', 3400)]
    const truth = tellTruth({ frames: shownAt(200, ...steady(3500, 11)), calls, until: 3900 })
    expect(truth).toMatchObject({ startup_ms: 60, stalls: [] })
  })

  it('knows no start of what was playing before', () => {
    const truth = tellTruth({ frames: shownAt(...steady(0, 11)), calls: [], until: 400, isLate: true })
    expect(truth).toMatchObject({ stalls: [], played_ms: 400 })
    expect(truth.startup_ms).toBeUndefined()
  })

  it('tells how late frames were that nobody would call stalled', () => {
    const frames = shownAt(...steady(0, 11), ...steady(600, 11))
    expect(tellTruth({ frames, calls: [call('play', -10)], until: 1000 }).rough_ms).toBe(160)
  })

  it('ends a seek with a frame of the new place, not with a late one of the old', () => {
    const frames = shownAt(...steady(0, 11), ...steady(1500, 11)).map((frame, index) =>
      index < 11 ? frame : { ...frame, mediaTime: 25 + (index - 11) * 0.04 },
    )
    const truth = tellTruth({ frames, calls: [call('play', -10), call('seek', 390, 25)], until: 1900 })
    expect(truth.seeks).toEqual([{ begin: 390, asked: 390, end: 1500 }])
    expect(truth.stalls).toEqual([])
    expect(truth.played_ms).toBeCloseTo(390 + 400)
  })

  it('ends a seek when the picture moves at the new place, not with a still of it', () => {
    const frames = shownAt(...steady(0, 11), 1500, ...steady(1660, 11)).map((frame, index) =>
      index < 11 ? frame : { ...frame, mediaTime: 25 + (index - 11) * 0.04 },
    )
    const truth = tellTruth({ frames, calls: [call('play', -10), call('seek', 440, 25)], until: 2060 })
    expect(truth.seeks).toEqual([{ begin: 440, asked: 440, end: 1620 }])
    expect(truth.played_ms).toBeCloseTo(440 + 440)
  })

  it('takes frames of a new place that a busy page did not hear of for a part of the seek', () => {
    const frames = shownAt(...steady(0, 11), ...steady(1500, 11)).map((frame, index) =>
      index < 11
        ? frame
        : { ...frame, mediaTime: 25 + (index - 6) * 0.04, presentedFrames: frame.presentedFrames + 5 },
    )
    const truth = tellTruth({ frames, calls: [call('play', -10), call('seek', 440, 25)], until: 1900 })
    expect(truth.seeks).toEqual([{ begin: 440, asked: 440, end: 1500 }])
    expect(truth.played_ms).toBe(440 + 400)
  })

  it('takes a burst of seeks for one', () => {
    const frames = shownAt(...steady(0, 11), ...steady(1500, 11)).map((frame, index) =>
      index < 11 ? frame : { ...frame, mediaTime: 25 + (index - 11) * 0.04 },
    )
    const calls = [call('play', -10), call('seek', 420, 10), call('seek', 520, 18), call('seek', 620, 25)]
    const truth = tellTruth({ frames, calls, until: 1900 })
    expect(truth.seeks).toEqual([{ begin: 420, asked: 620, end: 1500 }])
  })

  it('dates a switch by the first frame of the new size', () => {
    const frames = shownAt(...steady(0, 11)).map((frame, index) =>
      index < 5 ? frame : { ...frame, width: 320, height: 180 },
    )
    const truth = tellTruth({ frames, calls: [call('play', -10)], until: 400 })
    expect(truth.switches).toEqual([{ at: 200, width: 320, height: 180 }])
  })
})

const truth: Truth = {
  frame_ms: 40,
  stalls: [],
  doubtful: [],
  resumes: [],
  seeks: [],
  switches: [],
  played_ms: 4000,
  rough_ms: 0,
}
const stall = { begin: 1000, end: 3000 }

describe('the judge', () => {
  it('lets a stall be claimed, or not, where it is doubtful', () => {
    const doubtful = { ...truth, doubtful: [{ begin: 1000, end: 1300 }] }
    expect(judge(doubtful, { stalls: [], played_ms: 4300 })).toEqual([])
    expect(judge(doubtful, { stalls: [{ begin: 1000, end: 1300 }], played_ms: 4000 })).toEqual([])
  })

  it('holds a claim against the stall that it is of, whatever is doubtful beside it', () => {
    const stalled = { ...truth, stalls: [stall], doubtful: [{ begin: 600, end: 1000 }] }
    expect(judge(stalled, { stalls: [stall], played_ms: 4000 })).toEqual([])
    const tooEarly = judge(stalled, { stalls: [{ begin: 700, end: 3000 }], played_ms: 4000 })
    expect(tooEarly).toEqual([
      'stall 1 begin: 1000 in truth, 700 by the SDK',
      'stall 1 ms: 2000 in truth, 2300 by the SDK',
    ])
  })

  it('takes a stall that nobody saw for wrong', () => {
    expect(judge(truth, { stalls: [stall], played_ms: 4000 })).toEqual(['stalls: 0 in truth, 1 by the SDK'])
  })
})
