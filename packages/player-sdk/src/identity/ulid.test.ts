import { describe, expect, it } from 'vitest'
import { ulid } from './ulid.ts'

describe('ulid', () => {
  it('is 26 characters of the alphabet, sorted by time and never twice the same', () => {
    const made = Array.from({ length: 1000 }, (_, index) => ulid(1_790_000_000_000 + index))
    for (const id of made) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
    expect(made.toSorted()).toEqual(made)
    expect(new Set(made).size).toBe(1000)
    expect(ulid(1_469_918_176_385).slice(0, 10)).toBe('01ARYZ6S41')
  })
})
