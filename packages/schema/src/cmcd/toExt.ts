import { MAX_EXT_BYTES } from '../limits.ts'
import type { CmcdRecord, CmcdValue } from './readRecord.ts'
import { isHost, isSingle } from './recordValues.ts'

/** Our own place for what a record says and our fields do not. */
export const CMCD_EXT = 'org.svta.cmcd'

/** What the batch holds for all its events, and what is never kept: addresses may carry tokens. */
const ELSEWHERE = new Set(['ts', 'v', 'sid', 'sf', 'st', 'url', 'nor'])

const EXT_KEY = /^(?=.{1,64}$)[a-z0-9]+(\.[a-z0-9_-]+)+$/

/** Room for the names of what is assumed and omitted, and for punctuation, in bytes. */
const RESERVED_BYTES = 300
const MAX_OMITTED = 8

interface Kept {
  key: string
  value: unknown
  /** Custom keys stand under their own names where our rule of names allows it. */
  isOwn: boolean
  bytes: number
}

const toKept = (key: string, value: unknown, isOwn: boolean): Kept => ({
  key,
  value,
  isOwn,
  bytes: Buffer.byteLength(JSON.stringify([key, value])) + 2,
})

/**
 * Keeps what has no field of ours: reserved keys under `org.svta.cmcd`, custom keys under their own names. A key is held
 * elsewhere only if all of it is. What does not fit is left out, the longest first, and named in `omitted`. `assumed`
 * names fields that the record did not say.
 */
export const toExt = (
  record: CmcdRecord,
  held: readonly string[],
  assumed: readonly string[],
): Record<string, unknown> | undefined => {
  const isHeld = (key: string, value: CmcdValue) => {
    if (ELSEWHERE.has(key)) return true
    // A player that puts an address where a host belongs must not have its path kept.
    if (key === 'h') return held.includes(key) || !isHost(String(value))
    return held.includes(key) && isSingle(record, key) && !(typeof value === 'number' && value < 0)
  }
  const candidates = [
    ...[...record.keys]
      .filter(([key, value]) => !isHeld(key, value))
      .map(([key, value]) => toKept(key, value, true)),
    ...[...record.custom].map(([key, value]) => toKept(key, value, !EXT_KEY.test(key))),
  ].sort((a, b) => a.bytes - b.bytes)

  const own: Record<string, unknown> = {}
  const ext: Record<string, unknown> = {}
  const omitted: string[] = []
  let room = MAX_EXT_BYTES - RESERVED_BYTES
  for (const { key, value, isOwn, bytes } of candidates) {
    room -= bytes
    if (room < 0) omitted.push(key.slice(0, 16))
    else if (isOwn) own[key] = value
    else ext[key] = value
  }
  if (assumed.length > 0) own.assumed = assumed
  if (omitted.length > 0)
    own.omitted = [...omitted.slice(0, MAX_OMITTED), ...(omitted.length > MAX_OMITTED ? ['…'] : [])]
  const whole = { ...ext, ...(Object.keys(own).length > 0 && { [CMCD_EXT]: own }) }
  return Object.keys(whole).length > 0 ? whole : undefined
}
