import { describe, expect, it } from 'vitest'
import { createPlayhead } from './createPlayhead.ts'

/** A playhead that stands where it is put. */
const bench = (rate = 1) => {
  let position: number | null = 0
  const playhead = createPlayhead(
    () => position,
    () => rate,
  )
  return {
    playhead,
    at(now: number, place: number | null) {
      position = place
      return playhead.sample(now, true)
    },
  }
}

describe('the media that was rendered', () => {
  it('is what the playhead went, at any rate', () => {
    const { playhead, at } = bench(2)
    at(0, 1000)
    at(1000, 3000)
    at(2000, 5000)
    expect(playhead.read()).toEqual({ content_ms: 4000, max_playhead_ms: 5000 })
  })

  it('leaves out a jump that nobody announced', () => {
    const { playhead, at } = bench()
    at(0, 0)
    at(250, 60_000)
    at(1250, 61_000)
    expect(playhead.read()).toEqual({ content_ms: 1000, max_playhead_ms: 61_000 })
  })

  it('leaves out the way back of a loop', () => {
    const { playhead, at } = bench()
    at(0, 29_000)
    at(1000, 30_000)
    at(1100, 100)
    at(2000, 1000)
    expect(playhead.read()).toEqual({ content_ms: 1900, max_playhead_ms: 30_000 })
  })

  it('counts to where the playhead must have been when a seek took it away', () => {
    const { playhead, at } = bench()
    at(0, 1000)
    expect(playhead.leave(200, true)).toBe(1200)
    at(300, 50_000)
    expect(playhead.read()).toEqual({ content_ms: 200, max_playhead_ms: 50_000 })
  })

  it('does not move a playhead that stood still before a seek', () => {
    const { playhead, at } = bench()
    at(0, 1000)
    expect(playhead.leave(200, false)).toBe(1000)
  })

  it('is nothing while there is no position', () => {
    const { playhead, at } = bench()
    expect(at(0, null)).toBeNull()
    expect(playhead.leave(10, true)).toBeNull()
    expect(playhead.read()).toEqual({})
  })
})
