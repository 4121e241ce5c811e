import { type BareItem, type InnerList, type Item, Token } from 'structured-headers'
import type { PlayerEvent } from '../events/index.ts'

/** A value as a line of CMCD may hold it. */
export type Member = Item | InnerList | BareItem

/** A word that stands without quotes. */
export const token = (value: string) => new Token(value)

const list = (...values: (number | string | undefined)[]): InnerList | undefined => {
  const items = values.filter((value) => value !== undefined).map((value): Item => [value, new Map()])
  return items.length > 0 ? [items, new Map()] : undefined
}

/** The token of a word of ours, if the standard has one. */
export const tokenOf = (tokens: ReadonlyMap<string, string>, word: string | undefined) => {
  const found = tokens.get(word ?? '')
  return found === undefined ? undefined : token(found)
}

const kilo = (bits: number | undefined) => (bits === undefined ? undefined : Math.round(bits / 1000))

/** The standard rounds estimates, so that they tell less of a person's line. */
const hundreds = (number: number | undefined) =>
  number === undefined ? undefined : Math.round(number / 100) * 100

/** The token of each state. */
export const STATES = {
  preloading: 'd',
  starting: 's',
  playing: 'p',
  seeking: 'k',
  rebuffering: 'r',
  paused: 'a',
  ended: 'e',
  failed: 'f',
  quit: 'q',
} as const

const OBJECTS = new Map(
  Object.entries({
    manifest: 'm',
    video: 'v',
    audio: 'a',
    muxed: 'av',
    init: 'i',
    key: 'k',
    text: 'c',
    other: 'o',
  }),
)

/** What CMCD says of an event: its token, its keys, and which fields of the event these hold. */
export interface Said {
  e: string
  keys?: Record<string, Member | undefined>
  holds?: string[]
}

const totalsKeys = ({ totals }: { totals: Extract<PlayerEvent, { type: 'heartbeat' }>['totals'] }) => ({
  bsa: list(totals.rebuffer_count),
  bsda: list(totals.rebuffering_ms),
  dfa: totals.frames_dropped,
})

/** Says an event in the words of CMCD; undefined where it has none. */
export const sayEvent = (event: PlayerEvent): Said | undefined => {
  switch (event.type) {
    case 'view_start':
    case 'play_request':
    case 'playing':
    case 'seek_end':
      return { e: 'ps' }
    case 'pause':
      return { e: 'ps', holds: event.reason === 'ended' ? ['reason'] : [] }
    case 'seek_start':
      return { e: 'ps', holds: event.from_ms === event.playhead_ms ? ['from_ms'] : [] }
    case 'first_frame':
      return { e: 'ps', keys: { msd: event.startup_ms }, holds: ['startup_ms'] }
    case 'rebuffer_start':
      return { e: 'ps', keys: { bl: list(event.buffer_ms) }, holds: ['buffer_ms'] }
    case 'rebuffer_end':
      return {
        e: 'ps',
        keys: { bs: true, bsd: list(event.duration_ms) },
        holds: event.ended_by === 'resume' ? ['duration_ms', 'ended_by'] : ['duration_ms'],
      }
    case 'view_end':
      return { e: 'ps', keys: totalsKeys(event), holds: event.reason === event.state ? ['reason'] : [] }
    case 'heartbeat':
      return {
        e: 't',
        keys: {
          ...totalsKeys(event),
          bl: list(event.buffer_ms),
          mtp: list(hundreds(kilo(event.throughput_bps))),
          ltc: event.live?.latency_ms,
        },
        holds: ['buffer_ms', 'throughput_bps', 'live.latency_ms'],
      }
    case 'error':
      return { e: 'e', keys: { ec: list(event.code) }, holds: ['code', 'severity'] }
    case 'rate_change':
      return { e: 'pr', keys: { pr: event.rate }, holds: ['rate'] }
    case 'cdn_change':
      return { e: 'h', keys: { h: event.host }, holds: ['host'] }
    case 'visibility_change':
      return { e: 'b', keys: { bg: !event.visible || undefined }, holds: ['visible'] }
    case 'player_change':
      if (event.muted !== undefined) return { e: event.muted ? 'm' : 'um', holds: ['muted'] }
      if (event.fullscreen !== undefined) return { e: event.fullscreen ? 'pe' : 'pc', holds: ['fullscreen'] }
      return undefined
    case 'program_change':
      return { e: 'c', keys: { cid: event.content_id }, holds: ['content_id'] }
    case 'ad_break_start':
      return { e: 'abs' }
    case 'ad_break_end':
      return { e: 'abe' }
    case 'ad_start':
      return { e: 'as', keys: { cid: event.ad_id }, holds: ['ad_id'] }
    case 'ad_end':
      return { e: 'ae', keys: { cid: event.ad_id }, holds: ['ad_id'] }
    case 'request':
      return {
        e: 'rr',
        keys: {
          ot: tokenOf(OBJECTS, event.object),
          h: event.host,
          url: event.host && `https://${event.host}/`,
          rc: event.status ?? (event.outcome === 'failed' ? 0 : undefined),
          ttfb: event.ttfb_ms,
          ttlb: event.duration_ms,
          d: event.media_ms,
          br: list(kilo(event.bitrate_bps)),
        },
        holds: [
          ...(OBJECTS.has(event.object) ? ['object'] : []),
          ...(event.outcome === 'canceled' ? [] : ['outcome']),
          ...['host', 'status', 'ttfb_ms', 'duration_ms', 'media_ms', 'bitrate_bps'],
        ],
      }
    case 'custom':
      return { e: 'ce', keys: { cen: event.name }, holds: ['name'] }
    default:
      return undefined
  }
}
