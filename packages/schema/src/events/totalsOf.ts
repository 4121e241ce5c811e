import type { Totals } from '../totals.ts'
import type { PlayerEvent } from './index.ts'

/** The totals of an event of a type whose totals are checked; others may carry anything under that name. */
export const totalsOf = (event: PlayerEvent): Totals | undefined =>
  event.type === 'heartbeat' || event.type === 'view_end' ? event.totals : undefined
