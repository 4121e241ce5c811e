import type { PlayerEvent } from '../events/index.ts'
import type { Upcaster } from './upcaster.ts'

/** 1.1 says a view's furthest position in its totals alone, where the view record is made from. */
const moveFurthestPosition = (event: PlayerEvent): PlayerEvent => {
  if (event.type !== 'view_end' || event.max_playhead_ms === undefined) return event
  const { max_playhead_ms, ...rest } = event
  return { ...rest, totals: { max_playhead_ms, ...event.totals } }
}

/** From 1.0 to 1.1. */
export const from1_0: Upcaster = {
  from: '1.0',
  to: '1.1',
  says: "view_end's max_playhead_ms moves into its totals, unless they have one of their own",
  upcast: (batch) => ({ ...batch, events: batch.events.map(moveFurthestPosition) }),
}
