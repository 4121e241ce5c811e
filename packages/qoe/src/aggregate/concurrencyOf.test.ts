import { describe, expect, it } from 'vitest'
import { fc } from '../../../schema/test/arbitraryView.ts'
import { concurrencyOf } from './concurrencyOf.ts'

const span = (from: number, to: number, weight = 1) => ({ from, to, weight })
const MINUTE = 60_000

describe('how many watch at once', () => {
  it('is counted for each minute, at its fullest and on average', () => {
    expect(concurrencyOf([span(0, 90_000), span(30_000, 60_000), span(60_000, 75_000)])).toEqual([
      { minute: 0, peak: 2, mean: 1.5 },
      { minute: MINUTE, peak: 2, mean: (30 + 15) / 60 },
    ])
  })

  it('is not raised by one that goes when another comes', () => {
    expect(concurrencyOf([span(0, 30_000), span(30_000, 60_000)])).toEqual([{ minute: 0, peak: 1, mean: 1 }])
  })

  it('is 0 in a minute between, and weighs samples', () => {
    expect(concurrencyOf([span(0, MINUTE, 10), span(3 * MINUTE, 4 * MINUTE)])).toEqual([
      { minute: 0, peak: 10, mean: 10 },
      { minute: MINUTE, peak: 0, mean: 0 },
      { minute: 2 * MINUTE, peak: 0, mean: 0 },
      { minute: 3 * MINUTE, peak: 1, mean: 1 },
    ])
  })

  it('is nothing of nobody', () => {
    expect(concurrencyOf([])).toEqual([])
    expect(concurrencyOf([span(5, 5)])).toEqual([])
  })

  it('adds up: the means over all minutes are the time that was watched', () => {
    const spans = fc.array(
      fc
        .tuple(fc.nat(600_000), fc.nat(300_000), fc.constantFrom(1, 2, 10))
        .map(([from, length, weight]) => span(from, from + length, weight)),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(spans, (all) => {
        const watched = all.reduce((sum, { from, to, weight }) => sum + (to - from) * weight, 0)
        const found = concurrencyOf(all)
        expect(found.reduce((sum, { mean }) => sum + mean * MINUTE, 0)).toBeCloseTo(watched, -2)
        for (const { minute, peak, mean } of found) {
          const at = (time: number) =>
            all.reduce((sum, { from, to, weight }) => (from <= time && time < to ? sum + weight : sum), 0)
          const moments = [minute, ...all.map(({ from }) => from)].filter(
            (time) => time >= minute && time < minute + MINUTE,
          )
          expect(peak).toBe(Math.max(...moments.map(at)))
          expect(mean).toBeLessThanOrEqual(peak + 1e-6)
        }
      }),
      { numRuns: 500 },
    )
  })
})
