import { describe, expect, it } from 'vitest'
import { putInCalls } from './putInCalls.ts'
import { splitCalls } from './splitCalls.ts'

const ten = Array.from({ length: 10 }, (_, index) => `r${index}`)
const FAR = Number.MAX_SAFE_INTEGER

/** A service that fails items by name so many times; a fake, because no local stream fails a part of a call. */
const flaky = (failures: Record<string, number>) => {
  const calls: string[][] = []
  const taken: string[] = []
  return {
    calls,
    taken,
    call: async (items: string[]) => {
      calls.push(items)
      return items.map((item) => {
        const left = failures[item] ?? 0
        failures[item] = left - 1
        if (left > 0) return 'ProvisionedThroughputExceededException'
        taken.push(item)
        return undefined
      })
    },
  }
}

const build = (instead: Partial<Parameters<typeof putInCalls<string>>[0]>) =>
  putInCalls<string>({
    call: flaky({}).call,
    sizeOf: (item) => item.length,
    limits: { items: 500, bytes: 1e6 },
    now: () => 0,
    wait: async () => {},
    ...instead,
  })

describe('putInCalls', () => {
  it('sends again only the items that failed', async () => {
    const { call, calls, taken } = flaky({ r2: 2, r7: 2 })
    expect(await build({ call })(ten, FAR)).toEqual({ left: [], retried: 4 })
    expect(calls).toEqual([ten, ['r2', 'r7'], ['r2', 'r7']])
    expect(taken.toSorted()).toEqual(ten)
  })

  it('waits with jitter, longer each time', async () => {
    const waits: number[] = []
    const wait = async (ms: number) => void waits.push(ms)
    await build({ call: flaky({ r0: 3 }).call, wait, random: () => 1 })(ten, FAR)
    expect(waits).toEqual([100, 200, 400])
  })

  it('gives back what was not taken by the last attempt, and says why', async () => {
    expect(await build({ call: flaky({ r3: 99, r1: 99 }).call })(ten, FAR)).toEqual({
      left: ['r1', 'r3'],
      retried: 10,
      cause: 'ProvisionedThroughputExceededException',
    })
  })

  it('gives up where the next attempt would be too late, and lets no call last longer', async () => {
    let now = 0
    const timeouts: number[] = []
    const call = async (items: string[], timeout_ms: number) => {
      timeouts.push(timeout_ms)
      now += 2000
      return items.map(() => 'InternalFailure')
    }
    const { left } = await build({ call, now: () => now, random: () => 0 })(ten, 6500)
    expect(left).toEqual(ten)
    expect(timeouts).toEqual([5000, 4500, 2500, 500])
  })

  it('sends a call again that failed as a whole', async () => {
    const { call, taken } = flaky({})
    let down = 2
    const put = build({
      call: async (items) => {
        if (down-- > 0) throw new Error('socket hang up')
        return call(items)
      },
    })
    expect(await put(ten, FAR)).toEqual({ left: [], retried: 20 })
    expect(taken).toEqual(ten)
  })

  it('does not believe an answer that does not account for every item', async () => {
    const { left } = await build({ call: async () => [] })(ten, FAR)
    expect(left).toEqual(ten)
  })
})

describe('splitCalls', () => {
  it('keeps to the count', () => {
    expect(splitCalls(ten, () => 1, { items: 4, bytes: 1e6 })).toEqual([
      ['r0', 'r1', 'r2', 'r3'],
      ['r4', 'r5', 'r6', 'r7'],
      ['r8', 'r9'],
    ])
  })

  it('keeps to the bytes', () => {
    const items = ['aa', 'bb', 'cc']
    expect(splitCalls(items, () => 10, { items: 500, bytes: 20 })).toEqual([['aa', 'bb'], ['cc']])
    expect(splitCalls(items, () => 10, { items: 500, bytes: 19 })).toEqual([['aa'], ['bb'], ['cc']])
  })
})
