import { mergeSketches } from './quantileSketch.ts'
import type { Accumulated, Summary } from './summary.ts'

const mergeTimes = (a: Extract<Accumulated, { kind: 'survival' }>, b: typeof a) => {
  const times = new Map(a.times)
  for (const [ms, { happened, lost }] of b.times) {
    const before = times.get(ms) ?? { happened: 0, lost: 0 }
    times.set(ms, { happened: before.happened + happened, lost: before.lost + lost })
  }
  return times
}

const merge = (a: Accumulated, b: Accumulated | undefined): Accumulated => {
  if (!b) return a
  const views = a.views + b.views
  if (a.kind === 'ratio' && b.kind === 'ratio')
    return { kind: 'ratio', views, part: a.part + b.part, whole: a.whole + b.whole }
  if (a.kind === 'sum' && b.kind === 'sum') return { kind: 'sum', views, total: a.total + b.total }
  if (a.kind === 'quantile' && b.kind === 'quantile')
    return { kind: 'quantile', views, sketch: mergeSketches(a.sketch, b.sketch) }
  if (a.kind === 'survival' && b.kind === 'survival')
    return { kind: 'survival', views, times: mergeTimes(a, b) }
  return a
}

/** The summary of the views of both, by the same definition set; neither of them changes. */
export const mergeSummaries = (a: Summary, b: Summary): Summary => ({
  views: a.views + b.views,
  measured: a.measured + b.measured,
  metrics: Object.fromEntries(
    Object.entries(a.metrics).map(([name, accumulated]) => [name, merge(accumulated, b.metrics[name])]),
  ),
})
