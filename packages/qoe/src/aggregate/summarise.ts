import type { ViewRecord } from '@viewbeat/schema'
import type { DefinitionSet } from '../definitions/definitionSet.ts'
import type { Metric } from '../definitions/metric.ts'
import { weightOf } from '../quantities.ts'
import type { Seen } from './kaplanMeier.ts'
import { sketchOf } from './quantileSketch.ts'
import type { Accumulated, Summary } from './summary.ts'

const addUp = (metric: Metric, views: readonly ViewRecord[]): Accumulated => {
  if (metric.kind === 'unknown') return { kind: 'unknown', views: 0 }
  const known = <T>(of: (view: ViewRecord) => T | null): [value: T, weight: number][] =>
    views.flatMap((view): [T, number][] => {
      const value = of(view)
      return value === null ? [] : [[value, weightOf(view)]]
    })
  const sum = <T>(entries: [value: T, weight: number][], of: (value: T) => number) =>
    entries.reduce((all, [value, weight]) => all + of(value) * weight, 0)
  const count = (entries: [unknown, number][]) => sum(entries, () => 1)
  switch (metric.kind) {
    case 'ratio': {
      const entries = known(metric.of)
      const part = sum(entries, (value) => value.part)
      return { kind: 'ratio', views: count(entries), part, whole: sum(entries, ({ whole }) => whole) }
    }
    case 'sum': {
      const entries = known(metric.of)
      return { kind: 'sum', views: count(entries), total: sum(entries, (value) => value) }
    }
    case 'quantile': {
      const entries = known(metric.of)
      return { kind: 'quantile', views: count(entries), sketch: sketchOf(entries) }
    }
    case 'survival': {
      const entries = known(metric.of)
      const times = new Map<number, Seen>()
      for (const [{ ms, happened }, weight] of entries) {
        const seen = times.get(ms) ?? { happened: 0, lost: 0 }
        seen[happened ? 'happened' : 'lost'] += weight
        times.set(ms, seen)
      }
      return { kind: 'survival', views: count(entries), times }
    }
  }
}

/**
 * Adds up views by the formulas of a definition set. A view of which one in ten is measured (`sample_rate` 0.1) counts
 * for ten. Each view may be there once only: give it the newest record of each.
 */
export const summarise = (views: Iterable<ViewRecord>, { metrics }: DefinitionSet): Summary => {
  const all = [...views]
  return {
    views: all.reduce((sum, view) => sum + weightOf(view), 0),
    measured: all.length,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, metric]) => [name, addUp(metric, all)] as const),
    ),
  }
}
