import type { PlayerEvent } from '../events/index.ts'
import { inOrder } from './inOrder.ts'

/** A stretch of a view in one state, ms since the view began. */
export interface Stretch {
  state: PlayerEvent['state']
  from_ms: number
  to_ms: number
}

/**
 * The states of a view one after another, each from the event that begins it to the one that ends it. Events may come
 * in any order and repeat; what happened in a gap of `seq` is credited to the state before it.
 */
export const stateTimeline = (events: Iterable<Pick<PlayerEvent, 'seq' | 'state' | 't_ms'>>): Stretch[] => {
  const stretches: Stretch[] = []
  for (const { state, t_ms } of inOrder(events)) {
    const last = stretches.at(-1)
    if (last) last.to_ms = Math.max(last.from_ms, t_ms)
    if (last?.state !== state) stretches.push({ state, from_ms: t_ms, to_ms: t_ms })
  }
  return stretches
}
