import type { PlayerEvent } from '../events/index.ts'
import type { Totals } from '../totals.ts'

type AdTotals = NonNullable<Totals['ads']>

/** How soon after a break the view must end for the viewer to have left in the break, ms. */
const AT_ONCE_MS = 50

/** Counts what became of the ads of a view, from its events in order; undefined where there were none. */
export const countAds = (events: readonly PlayerEvent[]): AdTotals | undefined => {
  const ads: AdTotals = {}
  const add = (name: keyof AdTotals, by = 1) => {
    if (by > 0) ads[name] = (ads[name] ?? 0) + by
  }
  let isOnScreen = false
  /** What is on screen has said an error of its own already. */
  let hasFailed = false
  let shown: boolean | undefined
  let failed = false
  let emptyUntil = Number.NEGATIVE_INFINITY

  const fail = (by = 1) => {
    add('error_count', by)
    if (!isOnScreen) add('start_error_count', by)
    if (shown !== undefined && !failed) add('failed_break_count')
    failed = true
    hasFailed = true
  }
  const isEmpty = () => shown === false && !failed
  const count = (event: PlayerEvent) => {
    switch (event.type) {
      case 'ad_break_start':
        add('break_count')
        shown = failed = false
        return
      case 'ad_start':
        add('start_count')
        if (event.impression) add('impression_count')
        if (event.load_ms !== undefined) add('loaded_count')
        add('load_ms', event.load_ms ?? 0)
        if (shown === false) add('filled_break_count')
        shown = isOnScreen = true
        hasFailed = false
        return
      case 'ad_quartile':
        return add(`quartile_${event.quartile as 1 | 2 | 3}_count`)
      case 'ad_end':
        if (event.reason === 'completed') add('complete_count')
        if (event.reason === 'skipped') add('skip_count')
        if (event.reason === 'error' && !hasFailed) fail()
        add('click_count', event.clicks ?? 0)
        isOnScreen = false
        return
      case 'ad_break_end':
        if (isEmpty()) emptyUntil = event.t_ms
        shown = undefined
        isOnScreen = false
        return
      case 'error':
        return event.scope === 'ad' ? fail(event.count) : undefined
      case 'rebuffer_start':
        return (event.in_ad ?? isOnScreen) ? add('rebuffer_count') : undefined
      case 'view_end':
        if (event.reason !== 'failed' && (isEmpty() || event.t_ms <= emptyUntil + AT_ONCE_MS))
          add('exit_before_start_count')
    }
  }
  for (const event of events) count(event)
  return Object.keys(ads).length > 0 ? ads : undefined
}
