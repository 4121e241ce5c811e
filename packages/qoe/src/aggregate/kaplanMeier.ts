/** How much weight of views was seen until a time: to which it happened then, and which were seen no longer. */
export interface Seen {
  happened: number
  lost: number
}

/** Rounding of sums of weights must not decide whether half is left. */
const HALF = 0.5 + 1e-9

/**
 * The time by which it has happened to half of the views, by Kaplan and Meier: a view that was seen for too short a time
 * counts as long as it was seen. Null where more than half were never seen to have it happen.
 * https://doi.org/10.1080/01621459.1958.10501452
 */
export const kaplanMeierMedian = (times: ReadonlyMap<number, Seen>): number | null => {
  let atRisk = 0
  for (const { happened, lost } of times.values()) atRisk += happened + lost
  let left = 1
  for (const [ms, { happened, lost }] of [...times].sort(([a], [b]) => a - b)) {
    if (happened > 0) left *= 1 - happened / atRisk
    if (left <= HALF) return ms
    atRisk -= happened + lost
  }
  return null
}
