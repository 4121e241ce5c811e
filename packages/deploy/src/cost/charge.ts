import { count, rate } from './format.ts'
import { PRICES, type Price, type PriceName, type Tier } from './prices.ts'

/** What an amount costs, and the multiplication in words. */
export interface Charge {
  usd: number
  words: string
  price: PriceName
}

/** What an amount of something costs: each tier's part at its own price. */
export const charge = (name: PriceName, amount: number, words?: string): Charge => {
  const { tiers } = PRICES[name] as Price
  const parts: { amount: number; usd: number }[] = []
  let from = 0
  for (const { upTo = Number.POSITIVE_INFINITY, usd } of tiers as readonly Tier[]) {
    const part = Math.min(amount, upTo) - from
    if (part > 0) parts.push({ amount: part, usd })
    from = upTo
  }
  const product = (part: { amount: number; usd: number }) => `${count(part.amount)} × ${rate(part.usd)}`
  const spelt =
    words && parts.length <= 1 ? `${words} × ${rate(tiers[0]!.usd)}` : parts.map(product).join(' + ')
  return {
    usd: parts.reduce((sum, { amount, usd }) => sum + amount * usd, 0),
    words: words && parts.length > 1 ? `${words} = ${spelt}` : spelt || `0 × ${rate(tiers[0]!.usd)}`,
    price: name,
  }
}
