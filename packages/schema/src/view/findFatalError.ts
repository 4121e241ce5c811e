import type { PlayerEvent } from '../events/index.ts'
import type { Totals } from '../totals.ts'

/** The first fatal error, from the events of a view in order, that playback did not get over. An ad's is not the view's. */
export const findFatalError = (events: readonly PlayerEvent[]): Totals['fatal_error'] => {
  let found: Totals['fatal_error']
  for (const event of events) {
    if (event.type === 'playing' || event.type === 'first_frame') found = undefined
    if (event.type !== 'error' || event.severity !== 'fatal' || event.scope === 'ad') continue
    const { category, code, business } = event
    found ??= { category, code, ...(business !== undefined && { business }) }
  }
  return found
}
