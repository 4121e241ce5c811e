/** At once: whatever is counted here is lost or soon will be. */
export const AT_ONCE = {
  comparison: '>=',
  threshold: 1,
  periodS: 60,
  datapoints: 1,
  periods: 1,
  missing: 'notBreaching',
} as const

/** Two of three times five minutes: a share that stays, not a hiccup. */
export const STAYS = {
  comparison: '>',
  periodS: 300,
  datapoints: 2,
  periods: 3,
  missing: 'notBreaching',
} as const

/** Metric math: `part` of `whole` in percent; 0 while `whole` is under `minimum`. */
export const share = (part: string, whole: string, minimum: number) =>
  `IF(${whole} >= ${minimum}, 100 * ${part} / (${whole}), 0)`
