import { hasStarted } from '../hasStarted.ts'
import { contentPlayingMs, contentStalledMs, contentStalls, HOUR_MS, watchedMs } from '../quantities.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { over, ratioOf, sumOf, survivalOf } from './metric.ts'

/** How views stall: Viewbeat's formulas. Ads have their own. */
export const viewbeatStalls = {
  rebuffering_ratio: ratioOf({
    says: 'stalled ÷ (stalled + playing), ads left out of both; startup and seeks are in neither',
    unit: 'share',
    source: 'ours',
    of: (view) => over(contentStalledMs(view), contentStalledMs(view) + contentPlayingMs(view)),
  }),
  rebuffering_ratio_watched: ratioOf({
    says: 'stalled ÷ (starting + playing + seeking + stalled), ads left out of both',
    unit: 'share',
    source: 'ours',
    of: (view) => {
      const { ad_ms = 0, ads } = view
      return over(contentStalledMs(view), watchedMs(view) - ad_ms - (ads?.rebuffering_ms ?? 0))
    },
  }),
  rebuffer_count: sumOf({
    says: 'stalls, those in ads left out',
    unit: 'count',
    source: 'ours',
    of: contentStalls,
  }),
  rebuffer_frequency: ratioOf({
    says: 'stalls ÷ hours playing, ads left out of both',
    unit: 'per hour',
    source: 'ours',
    of: (view) => over(contentStalls(view), contentPlayingMs(view) / HOUR_MS),
  }),
  time_to_first_rebuffer_ms: survivalOf({
    says: 'time playing before the first stall; a view without any says only that it took longer than it played',
    unit: 'ms',
    source: 'ours',
    of: (view) => {
      if (!hasStarted(view)) return null
      if (view.rebuffer_count === 0) return { ms: view.playing_ms, happened: false }
      return view.first_rebuffer_ms === undefined ? null : { ms: view.first_rebuffer_ms, happened: true }
    },
  }),
} satisfies DefinitionSet['metrics']
