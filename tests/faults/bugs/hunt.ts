import type { Finding } from '../../../packages/local/src/simulate/finding.ts'
import type { Bug } from './bug.ts'
import type { Bench } from './loadBench.ts'

/** How the bench found a bug. */
export interface Hunted {
  seed: number
  finding: Finding
}

/** Plays seeds from the first on until the bench says of one that it breaks what the bug breaks; undefined after `most` of them. */
export const hunt = async (
  { playSeed, judge }: Bench,
  { breaks, needsDuckDb = false }: Pick<Bug, 'breaks' | 'needsDuckDb'>,
  most: number,
): Promise<Hunted | undefined> => {
  for (let seed = 1; seed <= most; seed++) {
    const found = judge(await playSeed(seed, { hasDuckDb: needsDuckDb }))
    const finding = found.find(({ kind }) => breaks.includes(kind))
    if (finding) return { seed, finding }
  }
  return undefined
}
