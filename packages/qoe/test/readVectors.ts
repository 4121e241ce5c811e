import { readFileSync } from 'node:fs'
import type { ViewRecord } from '@viewbeat/schema'

/** What a formula is expected to say: a number, `[part, whole]`, a survival time, or nothing. */
export type Expected = number | [part: number, whole: number] | { ms: number; happened: boolean } | null

interface MetricVectors {
  base: ViewRecord
  vectors: {
    name: string
    view: Record<string, unknown>
    expected: Record<string, Record<string, Expected>>
  }[]
}

interface AggregateVectors {
  vectors: {
    name: string
    views: Record<string, unknown>[]
    expected: Record<
      string,
      {
        views: number
        measured: number
        figures: Record<string, { views: number; value: number | null; p95?: number }>
      }
    >
  }[]
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))

const { base, vectors } = read<MetricVectors>('metrics')

/** The base of all vectors' views with fields put over it; null takes a field out, as the file says. */
const viewOf = (over: Record<string, unknown>): ViewRecord =>
  Object.fromEntries(
    Object.entries({ ...base, ...over }).filter(
      ([name, value]) => value !== null || name === 'rebuffer_ratio',
    ),
  ) as unknown as ViewRecord

/** Views and what each definition set says of them. */
export const metricVectors = vectors.map((vector) => ({ ...vector, view: viewOf(vector.view) }))

/** Many views and the figures of all of them. */
export const aggregateVectors = read<AggregateVectors>('aggregates').vectors.map((vector) => ({
  ...vector,
  views: vector.views.map(viewOf),
}))
