import { describe, expect, it } from 'vitest'
import { evaluateMath } from './evaluateMath.ts'

const of = { a: 6, b: 2, none: undefined, zero: 0 }

describe('metric math', () => {
  it.each([
    ['a + b * 2', 10],
    ['(a + b) * 2', 16],
    ['a - b - 1', 3],
    ['100 * b / a', 100 / 3],
    ['a >= 6', 1],
    ['a < b', 0],
    ['FILL(none, 0) + b', 2],
    ['none + b', undefined],
    ['a / zero', undefined],
    ['IF(a >= 10, 100 * a / zero, 0)', 0],
    ['IF(none >= 1, 1, 0)', undefined],
  ])('%s is %s', (expression, value) => {
    expect(evaluateMath(expression, of)).toBe(value)
  })

  it.each(['a +', 'c', 'MEDIAN(a)', 'a b', 'a % b'])('does not understand %s', (expression) => {
    expect(() => evaluateMath(expression, of)).toThrow()
  })
})
