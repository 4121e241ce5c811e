export { type Concurrency, concurrencyOf } from './concurrencyOf.ts'
export { type Figure, figuresOf } from './figuresOf.ts'
export { kaplanMeierMedian, type Seen } from './kaplanMeier.ts'
export { mergeSummaries } from './mergeSummaries.ts'
export {
  mergeSketches,
  RELATIVE_ACCURACY,
  readQuantile,
  type Sketch,
  sketchOf,
} from './quantileSketch.ts'
export { openSpan, type Span, type Watching, watchingSpans } from './spans.ts'
export { summarise } from './summarise.ts'
export type { Accumulated, Summary } from './summary.ts'
