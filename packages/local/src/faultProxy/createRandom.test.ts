import { describe, expect, it } from 'vitest'
import { createRandom } from './createRandom.ts'

const draw = (seed: number, count: number) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, random)
}

describe('createRandom', () => {
  it('gives the same numbers for the same seed, and others for the next', () => {
    expect(draw(42, 20)).toEqual(draw(42, 20))
    expect(draw(42, 20)).not.toEqual(draw(43, 20))
  })

  it('stays from 0 up to 1 and spreads evenly', () => {
    const tenths = Array(10).fill(0)
    for (const number of draw(1, 10_000)) tenths[Math.floor(number * 10)]++
    expect(tenths).toHaveLength(10)
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
