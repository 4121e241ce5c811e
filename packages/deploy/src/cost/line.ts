import type { Charge } from './charge.ts'
import type { PriceName } from './prices.ts'

/** One line of the bill. */
export interface Line {
  /** What is paid for. */
  what: string
  /** How it comes to that, in numbers. */
  words: string
  usd: number
  /** The prices it is made of. */
  prices: PriceName[]
  /** `false`: the other way to have it, shown beside the bill and not part of its sum. */
  counted: boolean
}

/** A line of one charge or several. */
export const line = (what: string, charges: Charge | Charge[], counted = true): Line => {
  const all = [charges].flat()
  return {
    what,
    words: all.map(({ words }) => words).join(' + '),
    usd: all.reduce((sum, { usd }) => sum + usd, 0),
    prices: [...new Set(all.map(({ price }) => price))],
    counted,
  }
}

/** A line whose arithmetic begins with how its amount came about. */
export const explained = (how: string, of: Line): Line => ({ ...of, words: `${how}: ${of.words}` })
