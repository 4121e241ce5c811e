import { attempt } from '../safely.ts'

type Field<T> = T | null | undefined | false | 0 | ''

/**
 * Only what is known. Each field is a value or a way to read it, which may throw without hiding the rest. Engines write
 * 0, null, NaN and '' for what nobody told them, and their clocks run apart: none of that, and nothing below 0, is kept.
 * Figures with a unit become whole, as the contract has them.
 */
export const known = <T extends object>(fields: { [K in keyof T]: Field<T[K]> | (() => Field<T[K]>) }) => {
  const found: Record<string, unknown> = {}
  for (const key in fields) {
    const field: unknown = fields[key]
    const value = attempt(() => (typeof field === 'function' ? field() : field))
    if (value && !(value < 0)) found[key] = value === +value && /_[mbp]/.test(key) ? Math.round(value) : value
  }
  return found as { [K in keyof T]: Exclude<T[K], undefined> }
}
