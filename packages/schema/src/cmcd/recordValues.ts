import type { CmcdRecord, CmcdValue, Typed } from './readRecord.ts'

/** A record's value for a key of texts. */
export const text = ({ keys }: CmcdRecord, key: string): string | undefined => {
  const value = keys.get(key)
  return typeof value === 'string' ? value : undefined
}

/** A record's value for a key of numbers, if it is one that our fields can hold. */
export const amount = ({ keys }: CmcdRecord, key: string): number | undefined => {
  const value = keys.get(key)
  return typeof value === 'number' && value >= 0 ? value : undefined
}

const numbersOf = (value: CmcdValue | undefined): number[] =>
  Array.isArray(value)
    ? (value as Typed<number>[]).map(([number]) => number).filter((number) => number >= 0)
    : []

/** The largest value of a list, of whatever object type. */
export const largest = ({ keys }: CmcdRecord, key: string): number | undefined => {
  const numbers = numbersOf(keys.get(key))
  return numbers.length > 0 ? Math.max(...numbers) : undefined
}

/** The smallest value of a list, of whatever object type. */
export const smallest = ({ keys }: CmcdRecord, key: string): number | undefined => {
  const numbers = numbersOf(keys.get(key))
  return numbers.length > 0 ? Math.min(...numbers) : undefined
}

/** The host of a URL, which is all of it that we keep: paths and queries hold tokens. */
export const hostOf = (url: string | undefined): string | undefined => {
  const [, host] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#@\s]{1,256})/i.exec(url ?? '') ?? []
  return host
}
