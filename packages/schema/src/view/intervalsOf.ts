import type { PlayerEvent } from '../events/index.ts'

/** The time from one event of a view to the next, and what held meanwhile as far as the events say. */
export interface Interval {
  state: PlayerEvent['state']
  in_ad: boolean
  /** Between the begin of a break and its end: what plays is no content. */
  in_break: boolean
  /** Its length without `away_ms`. */
  ms: number
  /** How long of it the page was frozen. */
  away_ms: number
  rate: number
  bitrate_bps: number | undefined
  latency_ms: number | undefined
  /** How often the picture's pixels go into the player's, in CSS pixels: 1.5 is enlarged by half. */
  scale: number | undefined
}

interface Size {
  width_px?: number | undefined
  height_px?: number | undefined
}

const scaleOf = (player: Size, picture: Size) =>
  player.width_px && player.height_px && picture.width_px && picture.height_px
    ? Math.min(player.width_px / picture.width_px, player.height_px / picture.height_px)
    : undefined

/**
 * The intervals between the events of a view, which come in order. They add up to the `t_ms` of the last one: what was
 * before the first event at hand counts as preloading, in which every view begins, and what is lost in between counts
 * for the state before it.
 */
export const intervalsOf = (events: readonly PlayerEvent[]): Interval[] => {
  let held: Omit<Interval, 'ms' | 'away_ms' | 'scale'> = {
    state: 'preloading',
    in_ad: false,
    in_break: false,
    rate: 1,
    bitrate_bps: undefined,
    latency_ms: undefined,
  }
  let player: Size = {}
  let picture: Size = {}
  /** By the events that begin and end an ad; others may say it of themselves. */
  let isAdOpen = false
  let now = 0
  return events.map((event) => {
    const whole = Math.max(0, event.t_ms - now)
    now += whole
    const away_ms = event.type === 'visibility_change' ? Math.min(event.away_ms ?? 0, whole) : 0
    const interval = { ...held, ms: whole - away_ms, away_ms, scale: scaleOf(player, picture) }
    const isBracket = event.type.startsWith('ad_') && event.type !== 'ad_quartile'
    if (isBracket) isAdOpen = event.type === 'ad_start'
    if (event.type === 'player_change')
      player = {
        width_px: event.width_px ?? player.width_px,
        height_px: event.height_px ?? player.height_px,
      }
    if (event.type === 'rendition_change' && event.media === 'video') picture = event
    held = {
      state: event.state,
      in_ad: isBracket ? isAdOpen : (event.in_ad ?? isAdOpen),
      in_break: event.type === 'ad_break_start' || (held.in_break && event.type !== 'ad_break_end'),
      rate: event.type === 'rate_change' ? event.rate : held.rate,
      bitrate_bps:
        event.type === 'rendition_change' && event.media === 'video' ? event.bitrate_bps : held.bitrate_bps,
      latency_ms: event.type === 'heartbeat' ? event.live?.latency_ms : held.latency_ms,
    }
    return interval
  })
}
