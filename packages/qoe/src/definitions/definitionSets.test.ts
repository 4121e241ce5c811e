import { describe, expect, it } from 'vitest'
import { createValidator } from '../../../schema/src/compat/createValidator.ts'
import { versionDocuments } from '../../../schema/src/documents/versionDocuments.ts'
import { type Expected, metricVectors } from '../../test/readVectors.ts'
import { evaluate } from '../evaluate.ts'
import { DEFINITION_SETS, type DefinitionSetName } from './definitionSets.ts'
import type { Metric } from './metric.ts'
import { METRIC_NAMES } from './metricNames.ts'
import { SOURCES } from './sources.ts'

const sets = Object.entries(DEFINITION_SETS) as [DefinitionSetName, { metrics: Record<string, Metric> }][]
const formulas = sets.flatMap(([set, { metrics }]) =>
  Object.entries(metrics).map(([name, metric]) => ({ set, name, metric })),
)

const metricOf = (set: string, name: string): Metric => {
  const metric = DEFINITION_SETS[set as DefinitionSetName]?.metrics as Record<string, Metric> | undefined
  expect(metric?.[name], `${set} ${name}`).toBeDefined()
  return metric![name]!
}

const said = (metric: Metric, view: (typeof metricVectors)[0]['view']): unknown => {
  if (metric.kind === 'unknown') throw new Error('has no formula')
  const value = metric.of(view)
  return metric.kind === 'ratio' && value !== null
    ? [(value as { part: number }).part, (value as { whole: number }).whole]
    : value
}

const close = (expected: Expected): unknown => {
  if (Array.isArray(expected)) return expected.map((number) => expect.closeTo(number, 9))
  return typeof expected === 'number' ? expect.closeTo(expected, 9) : expected
}

describe('the formulas', () => {
  it.each(metricVectors)('of each set say of $name what they must', ({ view, expected }) => {
    for (const [set, metrics] of Object.entries(expected))
      for (const [name, value] of Object.entries(metrics))
        expect(said(metricOf(set, name), view), `${set} ${name}`).toEqual(close(value))
  })

  const expectationsOf = (set: string, name: string) =>
    metricVectors.flatMap(({ expected }) => {
      const value = expected[set]?.[name]
      return value === undefined ? [] : [JSON.stringify(value)]
    })

  it.each(formulas.filter(({ metric }) => metric.kind !== 'unknown'))(
    '$set $name has vectors: one with an answer, and another answer',
    ({ set, name }) => {
      const expectations = expectationsOf(set, name)
      expect(expectations.filter((value) => value !== 'null').length).toBeGreaterThan(0)
      expect(new Set(expectations).size).toBeGreaterThan(1)
    },
  )

  it.each(formulas)('$set $name says what it is and where it is from', ({ name, metric }) => {
    expect(Object.keys(METRIC_NAMES)).toContain(name)
    expect(metric.says.length).toBeGreaterThan(5)
    expect(Object.keys(SOURCES)).toContain(metric.source)
  })

  it('call what cannot be computed from the outside by its name instead of inventing it', () => {
    const unknown = formulas.filter(({ metric }) => metric.kind === 'unknown')
    expect(unknown.map(({ set, name }) => `${set} ${name}`)).toEqual([
      'mux-like experience_score',
      'conviva-like bad_session',
    ])
    for (const { metric } of unknown) {
      expect(metric.says).toContain('not reproducible')
      expect(evaluate(metric, metricVectors[0]!.view)).toBeNull()
    }
  })

  it.each([
    ['mux-like startup_score', 'a start in 0.4 s', 95],
    ['mux-like startup_score', 'a start in 2 s', 80],
    ['mux-like startup_score', 'a start in 8 s', 50],
    ['mux-like startup_score', 'a start in 20 s', 29],
    ['mux-like quality_score', '50 % of upscaling', 85],
  ])('of %s give the points that the documentation gives to %s', (formula, which, points) => {
    const [set, name] = formula.split(' ') as [string, string]
    const { view } = metricVectors.find(
      (vector) => vector.name.endsWith(which) || vector.name.includes(which),
    )!
    expect(Math.round(evaluate(metricOf(set, name), view)!)).toBe(points)
  })

  it('never answer with a number that is none, nor with a share of nothing', () => {
    for (const { view } of metricVectors)
      for (const { set, name, metric } of formulas) {
        const value = evaluate(metric, view)
        if (value !== null) expect(Number.isFinite(value), `${set} ${name}`).toBe(true)
        if (metric.kind === 'ratio' && metric.unit === 'share' && !/scaling/.test(name) && value !== null)
          expect(value, `${set} ${name}`).toBeLessThanOrEqual(1)
      }
  })
})

describe('the vectors', () => {
  const isView = createValidator(JSON.parse(versionDocuments('1.2')['reader/view.json']!))
  const { properties } = JSON.parse(versionDocuments('1.2')['reader/view.json']!)

  it.each(metricVectors)('have view records as the contract has them: $name', ({ view }) => {
    expect(isView(view)).toBe(true)
    expect(Object.keys(view).filter((field) => !(field in properties))).toEqual([])
  })

  it('hold times that add up', () => {
    for (const { name, view } of metricVectors) {
      const { preloading_ms, starting_ms, playing_ms, seeking_ms, rebuffering_ms, paused_ms } = view
      const states = preloading_ms + starting_ms + playing_ms + seeking_ms + rebuffering_ms + paused_ms
      expect(states + view.ended_ms + view.failed_ms + view.away_ms, name).toBe(view.elapsed_ms)
    }
  })
})
