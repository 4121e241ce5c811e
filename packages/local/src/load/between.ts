import type { Random } from './createRandom.ts'

/** A whole number of a range, all of them as likely. */
export const between = (random: Random, from: number, to: number) => Math.round(from + random() * (to - from))
