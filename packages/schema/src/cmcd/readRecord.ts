import { type BareItem, type InnerList, type Item, parseDictionary, Token } from 'structured-headers'
import { CMCD_KEYS, type CmcdKind } from './cmcdKeys.ts'

/** A value of a list with the object type it is about (`v`, `a` …), if it says one. */
export type Typed<T> = readonly [value: T] | readonly [value: T, objectType: string]

/** A value of a record: a list for keys that have one per object type. */
export type CmcdValue = string | number | boolean | Typed<number>[] | Typed<string>[]

/** One report of a player: the reserved keys that have a value of the right kind, and custom keys. */
export interface CmcdRecord {
  keys: ReadonlyMap<string, CmcdValue>
  /** Keys with a hyphen, which the standard leaves to applications. */
  custom: ReadonlyMap<string, string>
}

/** The standard's strings are ASCII, its bodies UTF-8: what is beyond ASCII passes the parser in disguise. */
const disguise = (line: string) => line.replace(/%|[^\x20-\x7e\t]+/g, encodeURIComponent)
const reveal = (text: string) => decodeURIComponent(text)

const isList = (member: Item | InnerList): member is InnerList => Array.isArray(member[0])

const toScalar = (kind: CmcdKind, value: BareItem): string | number | boolean | undefined => {
  switch (kind) {
    case 'integer':
      return Number.isInteger(value) ? (value as number) : undefined
    case 'decimal':
      return typeof value === 'number' ? value : undefined
    case 'string':
      return typeof value === 'string' ? reveal(value) : undefined
    case 'token':
      return value instanceof Token ? reveal(value.toString()) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    default:
      return undefined
  }
}

const toTyped = <T>([value, parameters]: Item, read: (value: BareItem) => T | undefined): Typed<T>[] => {
  const known = read(value)
  if (known === undefined) return []
  const objectType = parameters.keys().next().value
  return [objectType === undefined ? [known] : [known, objectType]]
}

/** dash.js 5 sends error codes as bare integers. */
const toText = (value: BareItem) =>
  typeof value === 'string' ? reveal(value) : typeof value === 'number' ? String(value) : undefined

const toInteger = (value: BareItem) => (Number.isInteger(value) ? (value as number) : undefined)

/** A list, or the single value that version 1 had in its place. */
const toList = (kind: 'integers' | 'strings', member: Item | InnerList): CmcdValue | undefined => {
  const items = isList(member) ? member[0] : [member]
  const list =
    kind === 'integers'
      ? items.flatMap((item) => toTyped(item, toInteger))
      : items.flatMap((item) => toTyped(item, toText))
  return list.length > 0 ? (list as CmcdValue) : undefined
}

const toValue = (kind: CmcdKind, member: Item | InnerList): CmcdValue | undefined => {
  if (kind === 'integers' || kind === 'strings') return toList(kind, member)
  return isList(member) ? undefined : toScalar(kind, member[0])
}

/** The standard allows custom values to be strings or tokens of at most 64 characters. */
const toCustom = (member: Item | InnerList): string | undefined => {
  if (isList(member)) return undefined
  const [value] = member
  const text = typeof value === 'string' || value instanceof Token ? reveal(value.toString()) : undefined
  return text !== undefined && text.length <= 64 ? text : undefined
}

/**
 * Reads one line of a CMCD event body: a dictionary of RFC 8941. Unknown keys and values of the wrong kind are left out,
 * as the standard asks. Undefined when the line is no such dictionary.
 */
export const readRecord = (line: string): CmcdRecord | undefined => {
  let members: Map<string, Item | InnerList>
  try {
    members = parseDictionary(disguise(line))
  } catch {
    return undefined
  }
  const keys = new Map<string, CmcdValue>()
  const custom = new Map<string, string>()
  for (const [key, member] of members) {
    const kind = CMCD_KEYS.get(key)
    const value = kind ? toValue(kind, member) : key.includes('-') ? toCustom(member) : undefined
    if (value === undefined) continue
    if (kind) keys.set(key, value)
    else custom.set(key, value as string)
  }
  return { keys, custom }
}
