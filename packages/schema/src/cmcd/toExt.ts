import { MAX_EXT_BYTES } from '../limits.ts'
import type { CmcdRecord } from './readRecord.ts'

/** Our own place for what a record says and our fields do not. */
export const CMCD_EXT = 'org.svta.cmcd'

/** What the batch holds for all its events, and what is never kept: addresses may carry tokens. */
const ELSEWHERE = new Set(['ts', 'v', 'sid', 'sf', 'st', 'cid', 'url', 'nor'])

const EXT_KEY = /^[a-z0-9]+(\.[a-z0-9_-]+)+$/

const bytesOf = (ext: object) => Buffer.byteLength(JSON.stringify(ext))

/**
 * Keeps what has no field of ours: reserved keys under `org.svta.cmcd`, custom keys under their own names. What does not
 * fit is left out, the longest first, and named in `omitted`. `assumed` names fields that the record did not say.
 */
export const toExt = (record: CmcdRecord, used: readonly string[], assumed: readonly string[]) => {
  const own: Record<string, unknown> = {}
  const ext: Record<string, unknown> = {}
  for (const [key, value] of record.keys) if (!used.includes(key) && !ELSEWHERE.has(key)) own[key] = value
  for (const [key, value] of record.custom) {
    if (EXT_KEY.test(key)) ext[key] = value
    else own[key] = value
  }
  if (assumed.length > 0) own.assumed = assumed
  const whole = () => ({ ...ext, ...(Object.keys(own).length > 0 && { [CMCD_EXT]: own }) })
  const omitted: string[] = []
  while (bytesOf(whole()) > MAX_EXT_BYTES) {
    const lengths = [own, ext].flatMap((from) =>
      Object.entries(from).map(([key, value]) => ({ from, key, length: JSON.stringify(value).length })),
    )
    const longest = lengths.filter(({ key }) => key !== 'omitted').sort((a, b) => b.length - a.length)[0]
    if (!longest) return undefined
    delete longest.from[longest.key]
    omitted.push(longest.key)
    own.omitted = omitted
  }
  return Object.keys(whole()).length > 0 ? whole() : undefined
}
