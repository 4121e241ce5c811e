export { totalsOf } from '../events/totalsOf.ts'
export { countTotals } from './countTotals.ts'
export { type Stretch, stateTimeline } from './stateTimeline.ts'
