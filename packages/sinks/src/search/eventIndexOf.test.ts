import { describe, expect, it } from 'vitest'
import { eventIndexOf } from './eventIndexOf.ts'

const DAY = 86_400_000
const ts = Date.UTC(2026, 10, 22, 23, 59, 59)

describe('the index of an event', () => {
  it('is of the day it happened, whenever each copy of it came', () => {
    for (const received_at of [ts, ts + 2000, ts + 7 * DAY])
      expect(eventIndexOf({ ts, received_at })).toBe('viewbeat-events-2026.11.22')
  })

  it('is of the day it was received where the clock of the device cannot be right', () => {
    for (const wrong of [0, ts - 10 * DAY, ts + 2 * DAY, Number.MAX_SAFE_INTEGER, Number.NaN])
      expect(eventIndexOf({ ts: wrong, received_at: ts })).toBe('viewbeat-events-2026.11.22')
  })

  it('cannot be told where there is no time at all', () => {
    expect(() => eventIndexOf({ ts: 0, received_at: 1e300 })).toThrow(RangeError)
  })
})
