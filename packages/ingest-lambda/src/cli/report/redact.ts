import { eventSchemas, STATES } from '@viewbeat/schema'

/** A value without what it says: keys and types stay. */
export type Redacted = string | number | boolean | null | Redacted[] | { [key: string]: Redacted }

const MAX_KEYS = 40
const MAX_ITEMS = 3
const MAX_DEPTH = 8

const ENVELOPE = new Set([...eventSchemas.values()].flatMap((schema) => Object.keys(schema.shape)))
const STATE_WORDS: ReadonlySet<string> = new Set([...STATES, 'quit'])

/** Names of fields, as people write them; what else stands for a key may be somebody's address. */
const NAME = /^[A-Za-z_][\w.-]{0,63}$/
const VERSION_OR_NAME = /^[\w.@/+-]{1,64}$/
const WITH_UNIT = /(^sent_at|_(ms|bps|px|bytes|count|sum|ratio|rate))$/

const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i, 'ulid'],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'uuid'],
  [/^[a-z][a-z0-9+.-]*:\/\//i, 'url'],
  [/^\d{4}-\d\d-\d\d/, 'date'],
  [/^-?\d+$/, 'digits'],
  [/^-?\d*\.?\d+(e[+-]?\d+)?$/i, 'number as text'],
  [/^(NaN|[+-]?Infinity|null|undefined|true|false)$/i, 'literal as text'],
  [/^[a-z][a-z0-9_-]*$/i, 'word'],
]

/** What kind of text it is, and how long. */
const shapeOf = (text: string): string => {
  if (text === '') return ''
  const shape = SHAPES.find(([pattern]) => pattern.test(text.slice(0, 100)))?.[1] ?? 'text'
  return `<${shape}, ${text.length}>`
}

/** Words that the contract itself names say nothing of a person. */
const isHarmlessWord = (key: string, text: string, inHeader: boolean): boolean =>
  (key === 'type' && eventSchemas.has(text)) ||
  (key === 'state' && STATE_WORDS.has(text)) ||
  (inHeader && key === 'spec' && /^\d{1,3}\.\d{1,3}$/.test(text))

const ofNumber = (key: string, value: number): Redacted => {
  if (WITH_UNIT.test(key) || (ENVELOPE.has(key) && key !== 'value')) return value
  return Number.isInteger(value) ? '<integer>' : '<number>'
}

/** Masks a value from the network. Keys and types stay, and numbers whose unit says that they are harmless. */
export const redact = (value: unknown, key = '', depth = 0): Redacted => {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return ofNumber(key, value)
  if (typeof value === 'string') return isHarmlessWord(key, value, depth === 1) ? value : shapeOf(value)
  if (typeof value !== 'object') return `<${typeof value}>`
  if (depth === MAX_DEPTH) return '<deeper>'
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => redact(item, '', depth + 1))
    return value.length > MAX_ITEMS ? [...items, `<${value.length - MAX_ITEMS} more>`] : items
  }
  const keys = Object.keys(value)
  const masked: [string, Redacted][] = keys.slice(0, MAX_KEYS).map((name, index) => {
    const child = (value as Record<string, unknown>)[name]
    return [NAME.test(name) && name !== '__proto__' ? name : `<key ${index}>`, redact(child, name, depth + 1)]
  })
  if (keys.length > MAX_KEYS) masked.push(['<more>', `<${keys.length - MAX_KEYS} keys>`])
  return Object.fromEntries(masked)
}

/** The producer of a batch, `viewbeat-js 0.1.0`; undefined when it does not say it in words that may be shown. */
export const producerOf = (header: Record<string, unknown>): string | undefined => {
  const { name, version } = (header.sdk ?? {}) as { name?: unknown; version?: unknown }
  if (typeof name !== 'string' || !VERSION_OR_NAME.test(name)) return undefined
  return typeof version === 'string' && VERSION_OR_NAME.test(version) ? `${name} ${version}` : name
}
