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
export const largest = ({ keys }: CmcdRecord, key: string): number | undefined =>
  numbersOf(keys.get(key)).reduce<number | undefined>(
    (most, number) => (most === undefined || number > most ? number : most),
    undefined,
  )

/** The smallest value of a list, of whatever object type. */
export const smallest = ({ keys }: CmcdRecord, key: string): number | undefined =>
  numbersOf(keys.get(key)).reduce<number | undefined>(
    (least, number) => (least === undefined || number < least ? number : least),
    undefined,
  )

/** The host of a URL, which is all of it that we keep: paths and queries hold tokens, user info names and passwords. */
const hostOfUrl = (url: string): string | undefined =>
  /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#\\]*@)?([^/?#@\\\s]{1,256})/i.exec(url)?.[1]

/** Whether a text is a host, with a port or without, and nothing else. */
export const isHost = (text: string): boolean => /^[^/?#@\\\s]{1,256}$/.test(text)

/** The host that a record names, in `h` or in the address of its request. */
export const hostOf = (record: CmcdRecord): string | undefined => {
  const host = text(record, 'h')
  if (host && isHost(host)) return host
  return hostOfUrl(text(record, 'url') ?? '') ?? hostOfUrl(host ?? '')
}

/** A key's list, if a field of ours holds all of it: one value. */
export const isSingle = ({ keys }: CmcdRecord, key: string): boolean => {
  const value = keys.get(key)
  return !Array.isArray(value) || value.length === 1
}
