import type { Scenario } from './scenarios/scenario.ts'
import type { Truth } from './witness.ts'

/** How late frames may be shown in all before a scene says more of the machine than of the SDK, ms. */
const ROUGH_MS = 400

/**
 * Whether the machine was too busy to play a scenario as it is meant: the witness itself saw the picture stand still where
 * nothing was kept back. What the SDK says of it has no part in this.
 */
export const isDisturbed = (truths: Truth[], { stalls, isRough, fails }: Scenario) => {
  const seen = truths.flatMap((truth) => truth.stalls).length + (fails ? 1 : 0)
  const doubtful = truths.flatMap((truth) => truth.doubtful).length
  const rough_ms = truths.reduce((sum, truth) => sum + truth.rough_ms, 0)
  return seen !== stalls || (!isRough && (doubtful > 0 || rough_ms > ROUGH_MS))
}
