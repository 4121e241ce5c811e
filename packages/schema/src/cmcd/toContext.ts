import type { Context } from '../context.ts'
import type { CmcdRecord } from './readRecord.ts'
import { hostOf, text } from './recordValues.ts'

const STREAM_TYPES = new Map(Object.entries({ v: 'vod', l: 'live', ll: 'll_live' }))
const FORMATS = new Map(Object.entries({ d: 'dash', h: 'hls', s: 'smooth' }))

/** Ads have ids of their own under the key that is the content's in other records. */
const OF_ADS = new Set(['as', 'ae', 'sk'])

/** One value that does not fit must not cost the session. */
const fitting = (id: string | undefined) => (id && [...id].length <= 256 ? id : undefined)

/**
 * What the records of one session say of all of them together, the newest word of each. CMCD names no player, and a
 * record may name no content: both are then `unknown`.
 */
export const toContext = (records: readonly CmcdRecord[]): Context => {
  const newest = (read: (record: CmcdRecord) => string | undefined) =>
    records.reduce<string | undefined>((found, record) => read(record) ?? found, undefined)
  const stream_type = STREAM_TYPES.get(newest((record) => text(record, 'st')) ?? '')
  const format = FORMATS.get(newest((record) => text(record, 'sf')) ?? '')
  const host = newest(hostOf)
  const id = newest((record) =>
    OF_ADS.has(text(record, 'e') ?? '') ? undefined : fitting(text(record, 'cid')),
  )
  const source = { ...(host && { host }), ...(format && { format }) }
  return {
    content: { id: id || 'unknown', ...(stream_type && { stream_type }) },
    player: { name: 'unknown' },
    ...(Object.keys(source).length > 0 && { source }),
  }
}
