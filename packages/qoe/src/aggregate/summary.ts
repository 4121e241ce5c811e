import type { Seen } from './kaplanMeier.ts'
import type { Sketch } from './quantileSketch.ts'

/** What of one metric has been added up, and how many views it says something of, each by its weight. */
export type Accumulated = { views: number } & (
  | { kind: 'ratio'; part: number; whole: number }
  | { kind: 'sum'; total: number }
  | { kind: 'quantile'; sketch: Sketch }
  | { kind: 'survival'; times: ReadonlyMap<number, Seen> }
  | { kind: 'unknown' }
)

/** What of many views is kept to have their figures from. Two of them merge into that of all of their views. */
export interface Summary {
  /** How many views there were, each counting for as many as it stands for. */
  views: number
  /** How many of them were measured. */
  measured: number
  metrics: { readonly [name: string]: Accumulated }
}
