import type { Totals } from '@viewbeat/schema'

/** The numbers of totals by their names, `ads.start_count` for one of a group; what is or is not as 1 or 0. */
export const totalNumbers = (totals: Totals): Record<string, number | undefined> => {
  const numbers: Record<string, number> = {}
  for (const [name, value] of Object.entries(totals)) {
    if (typeof value === 'number' || typeof value === 'boolean') numbers[name] = Number(value)
    else if (value)
      for (const [part, of] of Object.entries(value))
        if (typeof of === 'number') numbers[`${name}.${part}`] = of
        else numbers[name] = 1
  }
  return numbers
}
