import { describe, expect, it } from 'vitest'
import { createMotion, type Look } from './createMotion.ts'

/** Looks at an element every 250 ms; answers the first stall that is made out, and when. */
const watch = (looks: (at: number) => Partial<Look>, until = 20_000) => {
  const motion = createMotion()
  for (let at = 0; at <= until; at += 250) {
    const still = motion.look({ at, position: at, rate: 1, ...looks(at) })
    if (still) return { ...still, seenAt: at }
  }
  return undefined
}

describe('a picture', () => {
  it('that moves with its playhead does not stand, at any rate', () => {
    for (const rate of [0.5, 1, 2])
      expect(watch((at) => ({ rate, position: at * rate, frames: at / 40 }))).toBeUndefined()
  })

  it('whose looks come late does not stand: the playhead went as far as the clock', () => {
    const motion = createMotion()
    for (const at of [0, 250, 1900, 2150, 9000])
      expect(motion.look({ at, position: at, rate: 1, frames: Math.round(at / 40) })).toBeUndefined()
  })

  it('stands since the playhead stopped, between two looks, and no event says so', () => {
    expect(watch((at) => ({ position: Math.min(at, 1100) }))).toEqual({
      since: 1100,
      by: 'playhead',
      position: 1100,
      seenAt: 1500,
    })
  })

  it('stands since its data ran out where the clock runs on', () => {
    const looks = (at: number) => ({ frames: Math.min(at, 4000) / 40, bufferedTo: 4000 })
    expect(watch(looks)).toEqual({ since: 4000, by: 'frames', position: 4000, seenAt: 4250 })
  })

  it('stands for half a second before a decoder with all its data is called stalled', () => {
    const looks = (at: number) => ({ frames: Math.min(at, 4000) / 40, bufferedTo: 60_000 })
    expect(watch(looks)).toMatchObject({ since: 4000, by: 'frames', seenAt: 4500 })
  })

  it.each([900, 5000])('of a show of slides does not stand: one every %i ms', (slide_ms) => {
    const looks = (at: number) => ({ frames: 1 + Math.floor(at / slide_ms), bufferedTo: 90_000 })
    expect(watch(looks, 90_000)).toBeUndefined()
  })

  it('stands since it stopped, whatever lone frame is decoded meanwhile', () => {
    const looks = (at: number) => ({
      frames: Math.min(at, 4000) / 40 + (at < 4400 ? 0 : 1),
      bufferedTo: 60_000,
    })
    expect(watch(looks)).toMatchObject({ since: 4000, by: 'frames' })
  })

  it('is not called standing before it has moved for a while', () => {
    expect(watch((at) => ({ frames: 1 + Math.min(at, 250) / 40, bufferedTo: 60_000 }))).toBeUndefined()
  })

  it('without frames, a sound, does not stand while its playhead goes on', () => {
    expect(watch(() => ({ bufferedTo: 0 }))).toBeUndefined()
  })

  it('that stands for 200 ms has a blip, no stall', () => {
    expect(watch((at) => ({ position: at < 1000 ? at : Math.max(1000, at - 200) }))).toBeUndefined()
  })

  it('that waits stands since the element said so', () => {
    const looks = (at: number) => ({
      position: Math.min(at, 1100),
      waitingSince: at >= 1150 ? 1150 : undefined,
    })
    expect(watch(looks)).toMatchObject({ since: 1150, by: 'event', seenAt: 1500 })
  })

  it('that waits has stood since its data ran out, if that was before', () => {
    const looks = (at: number) => ({
      position: Math.min(at, 1400),
      bufferedTo: 1300,
      waitingSince: at >= 1400 ? 1400 : undefined,
    })
    expect(watch(looks)).toMatchObject({ since: 1300, by: 'event', position: 1300 })
  })

  it('gets more time at the end, where players wait before they know that it is over', () => {
    const looks = (at: number) => ({ position: Math.min(at, 1000), atEnd: true })
    expect(watch(looks, 1750)).toBeUndefined()
    expect(watch(looks)).toMatchObject({ since: 1000 })
  })

  it('is not judged by what was seen before a jump', () => {
    const motion = createMotion()
    motion.look({ at: 0, position: 5000, rate: 1 })
    motion.reset()
    expect(motion.look({ at: 1000, position: 0, rate: 1 })).toBeUndefined()
    expect(motion.look({ at: 1250, position: 250, rate: 1 })).toBeUndefined()
  })
})
