import { describe, expect, it } from 'vitest'
import { createFrameCount, type Frames } from './createFrameCount.ts'

const counting = (...readings: (Frames | undefined)[]) => {
  const count = createFrameCount(() => readings.shift())
  return () => ({ ...count() })
}
const frames = (frames_total: number, frames_dropped: number) => ({ frames_total, frames_dropped })

describe('the frames of a view', () => {
  it('are those since it began', () => {
    const count = counting(frames(900, 9), frames(930, 9), frames(960, 12))
    expect(count()).toEqual(frames(30, 0))
    expect(count()).toEqual(frames(60, 3))
  })

  it('go on counting when the element starts anew', () => {
    const count = counting(frames(0, 0), frames(100, 2), frames(20, 1), frames(50, 1))
    count()
    expect(count()).toEqual(frames(120, 3))
    expect(count()).toEqual(frames(150, 3))
  })

  it('are never fewer than none', () => {
    const count = counting(frames(5, 3), frames(8, 0))
    expect(count()).toEqual(frames(8, 0))
  })

  it('are unknown where the element does not count', () => {
    expect(counting(undefined, undefined)()).toEqual({})
  })
})
