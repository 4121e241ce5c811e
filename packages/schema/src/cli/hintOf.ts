import { closest } from 'fastest-levenshtein'
import type { Rejection } from '../rejection.ts'

/** The value that a JSON Pointer leads to; undefined when it leads nowhere. */
export const valueAt = (input: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      input,
    )

/** The name of a list that a word was probably meant to be. */
export const nearest = (word: string, names: readonly string[]): string | undefined => {
  if (names.length === 0) return undefined
  const found = closest(word, names)
  const shorter = Math.min(word.length, found.length)
  const shared = [...found].filter((letter, index) => word[index] === letter).length
  return found.startsWith(word) || word.startsWith(found) || shared >= shorter * 0.6 ? found : undefined
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const ofFormat = (path: string, value: unknown): string | undefined => {
  if (/_id$/.test(path))
    return UUID.test(String(value))
      ? 'a UUID has 128 bits like a ULID: write them as 26 characters of Crockford base32'
      : 'make a ULID: 26 characters, https://github.com/ulid/spec'
  if (/\/(host|origin)$/.test(path))
    return 'scheme, host and port at most: no path query, fragment or credentials'
  if (/\/path$/.test(path)) return 'cut it at the first ? or #: queries carry tokens and names'
  if (/\/ext\//.test(path)) return 'name it after a domain of yours, in lower case: com.example.area'
  if (path === '/spec') return 'write MAJOR.MINOR, for example "1.2"'
  return undefined
}

const ofType = (value: unknown, message: string): string | undefined => {
  if (
    typeof value === 'string' &&
    value !== '' &&
    /expected (int|number)/.test(message) &&
    !Number.isNaN(Number(value))
  )
    return 'send it as a number, without quotes'
  if (typeof value === 'number' && !Number.isInteger(value))
    return 'round it: the contract has whole numbers only'
  if (typeof value === 'string' && /expected boolean/.test(message))
    return 'send true or false, without quotes'
  if (value === null) return 'leave the field out when the value is unknown'
  return undefined
}

const ofMissing = (input: unknown, path: string): string | undefined => {
  const cut = path.lastIndexOf('/')
  const holder = valueAt(input, path.slice(0, cut))
  const like = nearest(path.slice(cut + 1), Object.keys(holder ?? {}))
  return like && like !== path.slice(cut + 1) ? `there is \`${like}\`: is that it?` : undefined
}

/** What to do about a rejection, if that can be said. */
export const hintOf = ({ code, path, message }: Rejection, input: unknown): string | undefined => {
  const value = valueAt(input, path)
  switch (code) {
    case 'missing':
      return ofMissing(input, path)
    case 'invalid_type':
      return path === '' && Array.isArray(input)
        ? 'write one batch a line, not a list'
        : ofType(value, message)
    case 'invalid_format':
      return ofFormat(path, value)
    case 'invalid_value': {
      const words = [...message.matchAll(/"([^"]+)"/g)].map(([, word]) => word!)
      const like = typeof value === 'string' ? nearest(value, words) : undefined
      return like && `did you mean "${like}"?`
    }
    case 'too_deep':
      return 'flatten it, or leave out what nobody will read'
    case 'duplicate_seq':
      return 'count seq up by one for each event of the view'
    case 'newer_major':
      return 'this package is older than the producer: update it'
    case 'retired_major':
      return 'the producer is too old: update it'
    default:
      return undefined
  }
}
