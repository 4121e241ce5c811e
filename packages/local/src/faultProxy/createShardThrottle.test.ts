import { beforeEach, describe, expect, it } from 'vitest'
import { createShardThrottle, SHARD_LIMITS } from './createShardThrottle.ts'

let now = 0
const clock = () => now
beforeEach(() => {
  now = 1_000_000
})

/** How many of so many records of a size a shard takes just now. */
const taken = (
  throttle: ReturnType<typeof createShardThrottle>,
  shard: string,
  records: number,
  bytes: number,
) => Array.from({ length: records }, () => throttle(shard, bytes)).filter(Boolean).length

describe('a shard', () => {
  it('takes 1,000 records and 1 MiB a second, as the service does', () => {
    expect(SHARD_LIMITS).toEqual({ recordsPerS: 1000, bytesPerS: 1_048_576 })
    expect(taken(createShardThrottle(SHARD_LIMITS, clock), 'a', 5000, 10)).toBe(1000)
    expect(taken(createShardThrottle(SHARD_LIMITS, clock), 'a', 5000, 10_240)).toBe(102)
  })

  it('takes no more than that in any later second, however long it was idle', () => {
    const throttle = createShardThrottle(SHARD_LIMITS, clock)
    now += 3_600_000
    expect(taken(throttle, 'a', 5000, 10)).toBe(1000)
    now += 250
    expect(taken(throttle, 'a', 5000, 10)).toBe(250)
    now += 1000
    expect(taken(throttle, 'a', 5000, 10)).toBe(1000)
  })

  it('is not held back by what another took', () => {
    const throttle = createShardThrottle(SHARD_LIMITS, clock)
    expect(taken(throttle, 'a', 1001, 10)).toBe(1000)
    expect(taken(throttle, 'b', 1001, 10)).toBe(1000)
  })

  it('takes a small record after it refused a large one, which used up nothing', () => {
    const throttle = createShardThrottle({ recordsPerS: 10, bytesPerS: 100 }, clock)
    expect([throttle('a', 90), throttle('a', 20), throttle('a', 10), throttle('a', 1)]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it('gains nothing from a clock that goes back', () => {
    const throttle = createShardThrottle(SHARD_LIMITS, clock)
    taken(throttle, 'a', 1000, 10)
    now -= 10_000
    expect(throttle('a', 10)).toBe(false)
  })
})
