import { describe, expect, it } from 'vitest'
import { kaplanMeierMedian } from './kaplanMeier.ts'

const median = (...times: [ms: number, happened: boolean, weight?: number][]) => {
  const seen = new Map<number, { happened: number; lost: number }>()
  for (const [ms, happened, weight = 1] of times) {
    const before = seen.get(ms) ?? { happened: 0, lost: 0 }
    before[happened ? 'happened' : 'lost'] += weight
    seen.set(ms, before)
  }
  return kaplanMeierMedian(seen)
}

describe('the median time until something happens', () => {
  it('is the median where it happened to all', () => {
    expect(median([10, true], [20, true], [30, true], [40, true], [50, true])).toBe(30)
  })

  it('is that of the textbook: 6-MP patients of Freireich and others, 23 weeks', () => {
    const relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23].map((at) => [at, true] as [number, boolean])
    const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(
      (at) => [at, false] as [number, boolean],
    )
    expect(median(...relapsed, ...censored)).toBe(23)
  })

  it('does not take views that left early for views that never stall', () => {
    expect(median([1, false], [1, false], [1, false], [100, true], [200, true])).toBe(100)
  })

  it('is unknown where more than half were never seen to stall', () => {
    expect(median([10, true], [100, false], [100, false])).toBeNull()
    expect(median()).toBeNull()
  })

  it('counts a view for as many as it stands for', () => {
    expect(median([10, true, 10], [20, true])).toBe(10)
    expect(median([10, true], [20, true, 10])).toBe(20)
  })
})
