const plain = (value: number, digits: number) =>
  value.toLocaleString('en', { maximumFractionDigits: digits, useGrouping: true })

/** An amount, short: `3,428 M`, `12.4 M`, `1,305`, `0.25`. */
export const count = (value: number): string => {
  if (value >= 100e6) return `${plain(value / 1e6, 0)} M`
  if (value >= 1e6) return `${plain(value / 1e6, 1)} M`
  return plain(value, value >= 100 ? 0 : value >= 1 ? 1 : 4)
}

const dollars = (usd: number) =>
  `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 10 })}`

/** What one of something costs; where that is little, what a million cost: `$0.90/M`. */
export const rate = (usd: number): string =>
  usd < 0.00001 ? `${dollars(Math.round(usd * 1e12) / 1e6)}/M` : dollars(usd)

/** An amount of money, to the cent; what one of many costs needs more. */
export const money = (usd: number, digits = 2): string =>
  usd.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
