export { countTotals, type Stretch, stateTimeline } from '@viewbeat/schema/view'
export { type Account, accountOf, type ComparedMetric } from './account/accountOf.ts'
export { closeIfSilent, SILENCE_MS } from './closeIfSilent.ts'
export type { DefinitionSet } from './definitions/definitionSet.ts'
export { DEFINITION_SETS, type DefinitionSetName } from './definitions/definitionSets.ts'
export type {
  Metric,
  QuantileMetric,
  Ratio,
  RatioMetric,
  SumMetric,
  Survival,
  SurvivalMetric,
  Unit,
  UnknownMetric,
} from './definitions/metric.ts'
export { METRIC_NAMES, type MetricName } from './definitions/metricNames.ts'
export { SOURCES, type SourceName } from './definitions/sources.ts'
export { evaluate } from './evaluate.ts'
export { carriesTotals, foldCounted, foldView } from './foldView.ts'
export { mergeViews } from './mergeViews.ts'
export { type Metrics, metricsOf } from './metricsOf.ts'
