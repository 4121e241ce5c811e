import { adAttempts } from '../quantities.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { over, ratioOf, sumOf } from './metric.ts'

const quartile = (which: 1 | 2 | 3) =>
  ratioOf({
    says: `ads that came to ${which * 25} % ÷ ads on screen`,
    unit: 'share',
    source: 'ours',
    of: ({ ads }) => (ads ? over(ads[`quartile_${which}_count`] ?? 0, ads.start_count) : null),
  })

/** What became of ads: Viewbeat's formulas. Attempts are ads on screen, failed before it, or left before it. */
export const viewbeatAds = {
  ad_impressions: sumOf({
    says: 'ads that their ad server counts as an impression',
    unit: 'count',
    source: 'ours',
    of: ({ ads }) => ads?.impression_count ?? 0,
  }),
  ad_ms: sumOf({
    says: 'time in the state playing that was an ad',
    unit: 'ms',
    source: 'ours',
    of: ({ ad_ms }) => ad_ms ?? 0,
  }),
  ad_start_error: ratioOf({
    says: 'errors before the ad was on screen ÷ attempts',
    unit: 'share',
    source: 'ours',
    of: (view) => over(view.ads?.start_error_count ?? 0, adAttempts(view)),
  }),
  ad_exit_before_start: ratioOf({
    says: 'breaks that the viewer left before an ad was on screen ÷ attempts',
    unit: 'share',
    source: 'ours',
    of: (view) => over(view.ads?.exit_before_start_count ?? 0, adAttempts(view)),
  }),
  ad_startup_ms: ratioOf({
    says: 'sum of the times from asking for an ad to its first frame ÷ ads it is known of',
    unit: 'ms',
    source: 'ours',
    of: ({ ads }) => over(ads?.load_ms ?? 0, ads?.loaded_count),
  }),
  ad_quartile_1: quartile(1),
  ad_quartile_2: quartile(2),
  ad_quartile_3: quartile(3),
  ad_completion: ratioOf({
    says: 'ads that came to their end ÷ ads on screen',
    unit: 'share',
    source: 'ours',
    of: ({ ads }) => over(ads?.complete_count ?? 0, ads?.start_count),
  }),
  ad_skip: ratioOf({
    says: 'ads that the viewer skipped ÷ ads on screen',
    unit: 'share',
    source: 'ours',
    of: ({ ads }) => over(ads?.skip_count ?? 0, ads?.start_count),
  }),
  ad_rebuffering_ratio: ratioOf({
    says: 'stalled in ads ÷ (stalled in ads + playing ads)',
    unit: 'share',
    source: 'ours',
    of: ({ ads, ad_ms = 0 }) => over(ads?.rebuffering_ms ?? 0, (ads?.rebuffering_ms ?? 0) + ad_ms),
  }),
  ad_break_error: ratioOf({
    says: 'breaks with at least one error ÷ breaks',
    unit: 'share',
    source: 'ours',
    of: ({ ads }) => over(ads?.failed_break_count ?? 0, ads?.break_count),
  }),
  ad_fill: ratioOf({
    says: 'breaks with at least one ad on screen ÷ breaks',
    unit: 'share',
    source: 'ours',
    of: ({ ads }) => over(ads?.filled_break_count ?? 0, ads?.break_count),
  }),
} satisfies DefinitionSet['metrics']
