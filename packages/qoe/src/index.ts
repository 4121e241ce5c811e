export { countTotals, type Stretch, stateTimeline } from '@viewbeat/schema/view'
export { closeIfSilent, SILENCE_MS } from './closeIfSilent.ts'
export { carriesTotals, foldView } from './foldView.ts'
export { type Metrics, metricsOf } from './metricsOf.ts'
