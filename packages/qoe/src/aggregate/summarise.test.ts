import type { ViewRecord } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { fc } from '../../../schema/test/arbitraryView.ts'
import { aggregateVectors, metricVectors } from '../../test/readVectors.ts'
import { DEFINITION_SETS, type DefinitionSetName } from '../definitions/definitionSets.ts'
import { figuresOf } from './figuresOf.ts'
import { mergeSummaries } from './mergeSummaries.ts'
import { summarise } from './summarise.ts'

const names = Object.keys(DEFINITION_SETS) as DefinitionSetName[]
const views = fc.array(fc.constantFrom(...metricVectors.map(({ view }) => view)), { maxLength: 40 })

describe('the figures of many views', () => {
  it.each(aggregateVectors)('$name', ({ views: all, expected }) => {
    for (const [set, { views: stoodFor, measured, figures }] of Object.entries(expected)) {
      const definitions = DEFINITION_SETS[set as DefinitionSetName]
      const summary = summarise(all, definitions)
      expect(summary).toMatchObject({ views: stoodFor, measured })
      const found = figuresOf(summary)
      for (const [name, figure] of Object.entries(figures)) {
        const about = (value: number | null) =>
          value && figure.p95 !== undefined ? expect.closeTo(value, -Math.log10(0.02 * value)) : value
        expect(found[name]!.views, name).toBe(figure.views)
        if (figure.p95 === undefined)
          expect(found[name], name).toEqual({
            views: figure.views,
            value: figure.value && expect.closeTo(figure.value, 9),
          })
        else {
          expect(found[name]!.value, name).toEqual(about(figure.value))
          expect(found[name]!.p95, name).toEqual(about(figure.p95))
        }
      }
    }
  })

  it('are those of the whole when two halves are merged, for every set', () => {
    fc.assert(
      fc.property(views, views, fc.constantFrom(...names), (a, b, name) => {
        const set = DEFINITION_SETS[name]
        const merged = mergeSummaries(summarise(a, set), summarise(b, set))
        const whole = summarise([...a, ...b], set)
        expect([merged.views, merged.measured]).toEqual([whole.views, whole.measured])
        const expected = figuresOf(whole)
        for (const [metric, { views: known, value, p95 }] of Object.entries(figuresOf(merged))) {
          expect(known, metric).toBeCloseTo(expected[metric]!.views, 9)
          if (value === null) expect(expected[metric]!.value, metric).toBeNull()
          else
            expect(value / (expected[metric]!.value || 1), metric).toBeCloseTo(
              expected[metric]!.value ? 1 : 0,
              9,
            )
          expect(p95, metric).toEqual(expected[metric]!.p95)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('say nothing of no views', () => {
    for (const name of names)
      for (const figure of Object.values(figuresOf(summarise([], DEFINITION_SETS[name]))))
        expect(figure).toMatchObject({ views: 0, value: null })
  })

  it('differ between sets where the definitions do', () => {
    const all = metricVectors.map(({ view }): ViewRecord => view)
    const exits = names.map(
      (name) => figuresOf(summarise(all, DEFINITION_SETS[name])).exit_before_start?.value,
    )
    expect(new Set(exits).size).toBe(4)
  })
})
