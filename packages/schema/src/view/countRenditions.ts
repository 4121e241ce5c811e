import type { PlayerEvent } from '../events/index.ts'
import type { Totals } from '../totals.ts'

/** Counts the switches of the rendered rendition from the events of a view in order; which way, where bitrates tell. */
export const countRenditions = (events: readonly PlayerEvent[]): Totals => {
  const counts = { rendition_change_count: 0, rendition_upshift_count: 0, rendition_downshift_count: 0 }
  const bitrates: Record<string, number | undefined> = {}
  for (const event of events) {
    if (event.type !== 'rendition_change') continue
    const before = event.from?.bitrate_bps ?? bitrates[event.media]
    const after = event.bitrate_bps
    bitrates[event.media] = after
    if (event.reason === 'initial') continue
    counts.rendition_change_count++
    if (before === undefined || after === undefined) continue
    if (after > before) counts.rendition_upshift_count++
    if (after < before) counts.rendition_downshift_count++
  }
  return counts
}
