import type { CapturedEvent } from '@viewbeat/player-sdk'
import type { Totals } from '@viewbeat/schema'
import type { Truth } from './witness.ts'

/** What the SDK says of the same. */
export type Claims = Partial<Omit<Truth, 'frame_ms' | 'resumes' | 'doubtful' | 'rough_ms'>> & {
  stalls: Truth['stalls']
  totals?: Totals
}

/** Reads what a view's events say, in the page's time. */
export const readClaims = (events: CapturedEvent[], trackedAt: number): Claims => {
  const claims = { stalls: [], seeks: [], switches: [] } as Claims & Pick<Truth, 'seeks' | 'switches'>
  for (const event of events) {
    const at = trackedAt + event.t_ms
    if (event.type === 'first_frame' && event.startup_ms !== undefined) claims.startup_ms = event.startup_ms
    if (event.type === 'rebuffer_start') claims.stalls.push({ begin: at, end: Number.NaN })
    if (event.type === 'rebuffer_end') claims.stalls.at(-1)!.end = at
    if (event.type === 'seek_start') claims.seeks.push({ begin: at, asked: at, end: Number.NaN })
    if (event.type === 'seek_end')
      Object.assign(claims.seeks.at(-1)!, { end: at, asked: at - event.latency_ms })
    if (event.type === 'rendition_change' && event.media === 'video' && event.reason !== 'initial')
      claims.switches.push({ at, width: event.width_px ?? 0, height: event.height_px ?? 0 })
    if (event.type === 'error' && event.severity === 'fatal') claims.failed_at ??= at
    if ('totals' in event) {
      claims.totals = event.totals
      claims.played_ms = event.totals.playing_ms ?? 0
    }
  }
  return claims
}
