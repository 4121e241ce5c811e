import type { AdSignals } from '../engine.ts'

/** Tells each quartile once, as the share of an ad that has played goes past it. */
export const createQuartiles = (signals: AdSignals) => {
  let told = 0
  return (share: number) => {
    while (told < 3 && share >= (told + 1) / 4) signals.quartile(++told as 1 | 2 | 3)
  }
}
