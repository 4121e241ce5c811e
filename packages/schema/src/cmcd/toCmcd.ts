import { type BareItem, type Item, serializeDictionary } from 'structured-headers'
import type { Batch } from '../batch.ts'
import type { PlayerEvent } from '../events/index.ts'
import { CMCD_KEYS, CMCD_VERSION } from './cmcdKeys.ts'
import { type Member, STATES, sayEvent, token, tokenOf } from './sayEvent.ts'
import { CMCD_EXT } from './toExt.ts'

/** One event as a CMCD record, and the names of its fields that CMCD has no place for. */
export interface CmcdLine {
  seq: number
  type: string
  /** Undefined where CMCD has no event at all for it. */
  line: string | undefined
  lost: string[]
}

/** How long the standard lets an id be, in characters. */
const MAX_ID = 128

/** Keys that the event and its batch say themselves. */
const OURS = new Set(['e', 'ts', 'v', 'sid'])

/** What `parseCmcd` had kept of a record goes back to its keys, and custom keys to their names. */
const fromExt = (ext: PlayerEvent['ext'] = {}) => {
  const { [CMCD_EXT]: own, ...others } = ext as Record<string, unknown>
  const keys: Record<string, unknown> = {}
  for (const [key, value] of Object.entries((own ?? {}) as Record<string, unknown>)) {
    if (CMCD_KEYS.has(key) && !OURS.has(key)) keys[key] = value
  }
  const lost: string[] = []
  for (const [key, value] of Object.entries(others))
    if (key.includes('-') && typeof value === 'string' && value.length <= 64) keys[key] = value
    else lost.push(`ext.${key}`)
  return { keys, lost }
}

const ENVELOPE = new Set([
  'seq',
  'type',
  'ts',
  'playhead_ms',
  'playhead_kind',
  'state',
  'ext',
  't_ms',
  'in_ad',
])
const TOTALS = ['rebuffer_count', 'rebuffering_ms', 'frames_dropped']

/** The paths of an event's own fields. */
const fieldsOf = (event: object, path = ''): string[] =>
  Object.entries(event).flatMap(([name, value]) => {
    if (path === '' && ENVELOPE.has(name)) return []
    const here = `${path}${name}`
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? fieldsOf(value, `${here}.`)
      : [here]
  })

/** Controls would end a line or break a string; what is beyond ASCII passes the serializer in disguise. */
const disguise = (value: string) =>
  value.replace(/\p{Cc}/gu, ' ').replace(/%|[^\x20-\x7e]+/g, encodeURIComponent)

/** In `ext` tokens are kept as texts, and lists as pairs of a value and its object type. */
const fromKept = (key: string, value: unknown): Member => {
  if (typeof value === 'string' && CMCD_KEYS.get(key) === 'token') return token(value)
  if (!Array.isArray(value) || value[1] instanceof Map) return value as Member
  const items = (value as [number | string, string?][]).map(
    ([item, type]): Item => [item, new Map(type ? [[type, true]] : [])],
  )
  return [items, new Map()]
}

const disguised = (member: Member): Member => {
  if (typeof member === 'string') return disguise(member)
  if (!Array.isArray(member)) return member
  const [value, parameters] = member
  return Array.isArray(value)
    ? [value.map((item) => disguised(item) as Item), parameters]
    : [disguised(value) as BareItem, parameters]
}

/** One `key=value` as it stands in a line; undefined when the standard's syntax cannot hold the value. */
const toMember = (key: string, value: unknown): string | undefined => {
  try {
    return decodeURIComponent(serializeDictionary({ [key]: disguised(fromKept(key, value)) }))
  } catch {
    return undefined
  }
}

const FORMATS = new Map(Object.entries({ dash: 'd', hls: 'h', smooth: 's' }))
const STREAM_TYPES = new Map(Object.entries({ vod: 'v', live: 'l', ll_live: 'll' }))

/**
 * Says the events of a batch as records of CMCD version 2, one line each, and names what CMCD has no place for. Times,
 * states and the playhead always have one.
 */
export const toCmcd = ({ events, view_id, context }: Batch): CmcdLine[] =>
  events.map((event) => {
    const said = sayEvent(event)
    const { seq, type } = event
    const held = new Set([...(said?.holds ?? []), ...TOTALS.map((name) => `totals.${name}`)])
    const { keys, lost } = fromExt(event.ext)
    const missing = [...fieldsOf(event).filter((field) => !held.has(field)), ...lost]
    if (!said) return { seq, type, line: undefined, lost: missing }
    const hasRoom = [...context.content.id].length <= MAX_ID
    if (!hasRoom) missing.push('content.id')
    const members: Record<string, unknown> = {
      cid: hasRoom ? context.content.id : undefined,
      sid: view_id,
      sn: Number.isSafeInteger(seq) && seq < 1e15 ? seq : undefined,
      sta: token(STATES[event.state]),
      ts: event.ts,
      v: CMCD_VERSION,
      pt: event.playhead_ms ?? undefined,
      sf: tokenOf(FORMATS, context.source?.format),
      st: tokenOf(STREAM_TYPES, context.content.stream_type),
      ...said.keys,
      ...keys,
      e: token(said.e),
    }
    const line: string[] = []
    for (const key of Object.keys(members).sort()) {
      if (members[key] === undefined) continue
      const text = toMember(key, members[key])
      if (text === undefined) missing.push(key)
      else line.push(text)
    }
    return { seq, type, line: line.join(','), lost: missing }
  })
