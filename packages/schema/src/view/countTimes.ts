import type { PlayerEvent } from '../events/index.ts'
import type { Totals } from '../totals.ts'
import { intervalsOf } from './intervalsOf.ts'

type Sums = { [K in keyof Totals as NonNullable<Totals[K]> extends number ? K : never]?: number }

/**
 * Adds up where the time of a view went, from its events in order: times in states, in ads, away, and what is weighted
 * by time. Media time is wall time times the playback rate.
 */
export const countTimes = (events: readonly PlayerEvent[]): Totals => {
  const sums: Sums = {}
  const add = (name: keyof Sums, by: number) => {
    sums[name] = (sums[name] ?? 0) + by
  }
  const addScale = (scale: number, ms: number) => {
    const way = scale > 1 ? 'up' : 'down'
    const by = Math.abs(scale - 1)
    add('scaled_ms', ms)
    add(`${way}scaling_ms`, by * ms)
    if (ms > 0) sums[`${way}scaling_max`] = Math.max(sums[`${way}scaling_max`] ?? 0, by)
  }
  let stalledInAds = 0
  for (const interval of intervalsOf(events)) {
    const { state, ms, away_ms, in_ad, in_break, rate, bitrate_bps, latency_ms, scale } = interval
    if (away_ms > 0) add('away_ms', away_ms)
    if (state === 'quit') continue
    add(`${state}_ms`, ms)
    if (in_ad && state === 'rebuffering') stalledInAds += ms
    if (state !== 'playing') continue
    if (in_ad) add('ad_ms', ms)
    if (latency_ms !== undefined) {
      add('latency_known_ms', ms)
      add('latency_sum', ms * latency_ms)
    }
    if (scale !== undefined) addScale(scale, ms)
    if (in_ad || in_break) continue
    add('content_ms', ms * Math.abs(rate))
    if (bitrate_bps === undefined) continue
    add('bitrate_ms', ms * Math.abs(rate))
    add('bitrate_sum', ms * Math.abs(rate) * bitrate_bps)
  }
  for (const name of ['content_ms', 'bitrate_ms', 'upscaling_ms', 'downscaling_ms'] as const)
    if (sums[name] !== undefined) sums[name] = Math.round(sums[name])
  return stalledInAds > 0 ? { ...sums, ads: { rebuffering_ms: stalledInAds } } : sums
}
