import { createRandom } from '../faultProxy/createRandom.ts'

/** Chances of one part of the bench, the same ones for the same seed. `part` keeps parts from sharing theirs. */
export const createDice = (seed: number, part: string) => {
  let mixed = seed
  for (const letter of part) mixed = (Math.imul(mixed, 31) + letter.charCodeAt(0)) >>> 0
  const random = createRandom(mixed)
  return {
    /** As `Math.random`. */
    random,
    /** Whether something happens that happens in this share of cases. */
    chance: (share: number) => random() < share,
    /** A whole number of a range, its ends included. */
    between: (from: number, to: number) => from + Math.floor(random() * (to - from + 1)),
    pick: <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!,
  }
}

/** Chances of one part. */
export type Dice = ReturnType<typeof createDice>
