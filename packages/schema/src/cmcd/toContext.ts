import type { Context } from '../context.ts'
import type { CmcdRecord } from './readRecord.ts'
import { hostOf, text } from './recordValues.ts'

const STREAM_TYPES: Readonly<Record<string, string>> = { v: 'vod', l: 'live', ll: 'll_live' }
const FORMATS: Readonly<Record<string, string>> = { d: 'dash', h: 'hls', s: 'smooth' }

/** Ads have ids of their own under the key that is the content's in other records. */
const OF_ADS = new Set(['as', 'ae', 'sk'])

/**
 * What the records of one session say of all of them together, the newest word of each. CMCD names no player, and a
 * record may name no content: both are then `unknown`.
 */
export const toContext = (records: readonly CmcdRecord[]): Context => {
  const newest = (read: (record: CmcdRecord) => string | undefined) =>
    records.reduce<string | undefined>((found, record) => read(record) ?? found, undefined)
  const stream_type = STREAM_TYPES[newest((record) => text(record, 'st')) ?? '']
  const format = FORMATS[newest((record) => text(record, 'sf')) ?? '']
  const host = newest((record) => text(record, 'h') ?? hostOf(text(record, 'url')))
  const id = newest((record) => (OF_ADS.has(text(record, 'e') ?? '') ? undefined : text(record, 'cid')))
  const source = { ...(host && { host }), ...(format && { format }) }
  return {
    content: { id: id || 'unknown', ...(stream_type && { stream_type }) },
    player: { name: 'unknown' },
    ...(Object.keys(source).length > 0 && { source }),
  }
}
