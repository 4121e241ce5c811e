import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../test/virtualClock.ts'
import { createErrorLog } from './createErrorLog.ts'

const bench = () => {
  const time = virtualClock()
  const told: string[] = []
  const log = createErrorLog(time.clock, ({ code, message }, count) => {
    told.push(`${time.clock.now()}: ${count} ${code} ${message ?? ''}`.trim())
  })
  const raise = (code: string, message?: string) =>
    log.add({ severity: 'warning', category: 'network', code, ...(message && { message }) })
  return { time, told, log, raise }
}

describe('errors that playback goes on after', () => {
  it('of one kind are told of as one, with the last message, once it is quiet', async () => {
    const { time, told, raise } = bench()
    for (let n = 1; n <= 50; n++) {
      raise('fragLoadError', `attempt ${n}`)
      await time.pass(100)
    }
    await time.pass(60_000)
    expect(told).toEqual(['9900: 50 fragLoadError attempt 50'])
  })

  it('of two kinds are told of apart', async () => {
    const { time, told, raise } = bench()
    raise('fragLoadError')
    raise('levelLoadError')
    raise('fragLoadError')
    await time.pass(5000)
    expect(told).toEqual(['5000: 1 levelLoadError', '5000: 2 fragLoadError'])
  })

  it('that do not end are told of every half minute', async () => {
    const { time, told, raise } = bench()
    for (let n = 0; n < 70; n++) {
      raise('fragLoadError')
      await time.pass(1000)
    }
    expect(told).toEqual(['30000: 30 fragLoadError', '60000: 30 fragLoadError'])
  })

  it('are told of before a view ends, and leave no timer', () => {
    const { time, told, log, raise } = bench()
    raise('fragLoadError')
    log.flush()
    expect(told).toEqual(['0: 1 fragLoadError'])
    expect(time.pending).toBe(0)
  })
})
