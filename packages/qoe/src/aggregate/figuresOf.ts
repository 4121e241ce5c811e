import { kaplanMeierMedian } from './kaplanMeier.ts'
import { readQuantile } from './quantileSketch.ts'
import type { Accumulated, Summary } from './summary.ts'

/** What is shown of one metric of many views. */
export interface Figure {
  /** How many views it says something of, each counting for as many as it stands for. */
  views: number
  /** The share, mean, total, median, or median survival time; null where nothing can be said. */
  value: number | null
  /** Of what has quantiles: the value that 95 % do not exceed. */
  p95?: number | null
}

const figureOf = (accumulated: Accumulated): Figure => {
  const { views } = accumulated
  switch (accumulated.kind) {
    case 'ratio':
      return { views, value: accumulated.whole > 0 ? accumulated.part / accumulated.whole : null }
    case 'sum':
      return { views, value: views > 0 ? accumulated.total : null }
    case 'quantile':
      return {
        views,
        value: readQuantile(accumulated.sketch, 0.5),
        p95: readQuantile(accumulated.sketch, 0.95),
      }
    case 'survival':
      return { views, value: kaplanMeierMedian(accumulated.times) }
    case 'unknown':
      return { views, value: null }
  }
}

/** The figures of many views: shares as sum ÷ sum, totals, medians and p95, the median time to the first stall. */
export const figuresOf = ({ metrics }: Summary): { [name: string]: Figure } =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, accumulated]) => [name, figureOf(accumulated)] as const),
  )
