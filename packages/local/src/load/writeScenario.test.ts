import { describe, expect, it } from 'vitest'
import { createRandom } from './createRandom.ts'
import { USUAL } from './scenario.ts'
import { writeScenario } from './writeScenario.ts'
import { writeWatch } from './writeWatch.ts'

const many = (seed: number, minutes = 5) => {
  const random = createRandom(seed)
  return Array.from({ length: 1000 }, () => writeScenario(random, minutes))
}

describe('a mix of views', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(many(1)).toEqual(many(1))
    expect(many(1)).not.toEqual(many(2))
  })

  it('has views of all kinds: left early, failed, short, stalled, sought in, watched to the end', () => {
    const kinds = many(1).map(({ kind }) => kind)
    expect([...new Set(kinds)].toSorted()).toEqual([
      'abandon',
      'fail',
      'finish',
      'glance',
      'seek',
      'stall',
      'watch',
    ])
    expect(kinds.filter((kind) => kind === 'watch').length).toBeGreaterThan(400)
  })

  it('lets those watch who watch for as long as was asked, on average', () => {
    const watched = many(1, 20).filter(({ kind }) => kind === 'watch')
    const mean = watched.reduce((sum, { leaves_at }) => sum + leaves_at, 0) / watched.length
    expect(mean / 60_000).toBeGreaterThan(18)
    expect(mean / 60_000).toBeLessThan(22)
  })

  it('has steps in the order of time, none after the viewer has left', () => {
    for (const { steps, leaves_at } of many(3)) {
      const times = steps.map(({ at }) => at)
      expect(times).toEqual(times.toSorted((one, other) => one - other))
      expect(Math.max(...times)).toBeLessThanOrEqual(leaves_at)
    }
  })
})

describe('an hour of watching', () => {
  it('that was left before anything moved has no step after that', () => {
    const random = createRandom(1)
    for (let view = 0; view < 100; view++) {
      const { steps } = writeWatch(random, { leaves_at: 1000, incidents: USUAL })
      expect(steps.every(({ at }) => at <= 1000)).toBe(true)
    }
  })

  it('has about as many incidents as was asked', () => {
    const random = createRandom(1)
    const hours = Array.from({ length: 200 }, () =>
      writeWatch(random, { leaves_at: 3_600_000, incidents: USUAL }),
    )
    const seeks = hours.flatMap(({ steps }) => steps.filter(({ does }) => does === 'seek')).length
    expect(seeks / 200).toBeGreaterThan(0.8 * USUAL.seek)
    expect(seeks / 200).toBeLessThan(1.2 * USUAL.seek)
  })
})
