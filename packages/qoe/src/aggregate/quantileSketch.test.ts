import { describe, expect, it } from 'vitest'
import { fc } from '../../../schema/test/arbitraryView.ts'
import { mergeSketches, RELATIVE_ACCURACY, readQuantile, sketchOf } from './quantileSketch.ts'

const once = (values: number[]) => values.map((value) => [value, 1] as const)

/** Milliseconds and shares, and what is about 1, where buckets have the number 0. */
const value = fc.oneof(
  fc.nat(100_000),
  fc.constantFrom(0, 0.98, 0.99, 1, 1.01),
  fc.double({ min: 1e-6, max: 1, noNaN: true }),
)
const values = fc.array(value, { minLength: 1, maxLength: 200 })

describe('a sketch of quantiles', () => {
  it('is at most one per cent off the value that has the rank', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0.05, 0.5, 0.95), (all, quantile) => {
        const sorted = all.toSorted((a, b) => a - b)
        const exact = sorted[Math.floor(quantile * (all.length - 1))]!
        const found = readQuantile(sketchOf(once(all)), quantile)!
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(RELATIVE_ACCURACY * exact * 1.000001)
      }),
      { numRuns: 1000 },
    )
  })

  it('of two halves merged says what that of the whole says', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const merged = mergeSketches(sketchOf(once(a)), sketchOf(once(b)))
        const whole = sketchOf(once([...a, ...b]))
        for (const quantile of [0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 1])
          expect(readQuantile(merged, quantile)).toBe(readQuantile(whole, quantile))
        expect(merged.count).toBe(whole.count)
      }),
      { numRuns: 1000 },
    )
  })

  it('leaves the halves as they were', () => {
    const [a, b] = [sketchOf(once([1, 2])), sketchOf(once([1000]))]
    mergeSketches(a, b)
    expect([a.count, b.count, readQuantile(a, 1)]).toEqual([2, 1, readQuantile(sketchOf(once([2])), 1)])
  })

  it('counts a value as often as its weight says', () => {
    expect(
      readQuantile(
        sketchOf([
          [100, 9],
          [5000, 1],
        ]),
        0.5,
      ),
    ).toBeCloseTo(100, -1)
    expect(
      readQuantile(
        sketchOf([
          [100, 1],
          [5000, 9],
        ]),
        0.5,
      ),
    ).toBeCloseTo(5000, -2)
  })

  it('has nothing to say of nothing', () => {
    expect(readQuantile(sketchOf(), 0.5)).toBeNull()
  })
})
