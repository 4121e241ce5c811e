import { describe, expect, it } from 'vitest'
import { chooseFault, type FaultRates } from './chooseFault.ts'
import { createRandom } from './createRandom.ts'

const none: FaultRates = { records: 0, call: 0, delay: 0, cut: 0, drop: 0 }
const some: FaultRates = { records: 0.2, call: 0.2, delay: 0.2, cut: 0.1, drop: 0.1 }

const choices = (seed: number, rates: FaultRates, calls = 1000) => {
  const random = createRandom(seed)
  return Array.from({ length: calls }, () => chooseFault(random, rates, 10))
}

describe('chooseFault', () => {
  it('chooses the same for the same seed, and another for another', () => {
    expect(choices(7, some)).toEqual(choices(7, some))
    expect(choices(7, some)).not.toEqual(choices(8, some))
  })

  it('hits so many calls as its rates say', () => {
    const share = (kind: string) =>
      choices(1, some, 10_000).filter((fault) => fault.kind === kind).length / 10_000
    for (const [kind, rate] of Object.entries({ ...some, none: 0.2 }))
      expect(share(kind)).toBeCloseTo(rate, 1)
  })

  it('leaves all calls alone where every rate is 0', () => {
    expect(choices(1, none).every(({ kind }) => kind === 'none')).toBe(true)
  })

  it('fails at least one record of a call in which records fail, and not always all', () => {
    const failures = choices(1, { ...none, records: 1 }).map((fault) => {
      if (fault.kind !== 'records') throw new Error(fault.kind)
      expect(fault.errors).toHaveLength(10)
      return fault.errors.filter((code) => code !== undefined).length
    })
    expect(Math.min(...failures)).toBe(1)
    expect(Math.max(...failures)).toBe(10)
  })

  it('refuses a call in each way that the service has', () => {
    const codes = choices(1, { ...none, call: 1 }).map((fault) => fault.kind === 'call' && fault.status)
    expect(new Set(codes)).toEqual(new Set([400, 500, 503]))
  })
})
