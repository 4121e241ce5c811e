import type { Totals } from '../totals.ts'

/** The numbers of totals by their names, those of the ads as `ads.start_count` and so on. */
export const totalNumbers = ({ ads = {}, ...totals }: Totals): Record<string, number> => {
  const ofAds = Object.entries(ads).map(([name, value]) => [`ads.${name}`, value] as const)
  const all: readonly (readonly [string, unknown])[] = [...Object.entries(totals), ...ofAds]
  return Object.fromEntries(all.filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
}
