import { decodeRecord, type FlatEvent, flattenRecord } from '@viewbeat/schema'
import type { StreamItem } from './createStream.ts'

/** One copy of an event on the stream. */
export interface Copy {
  item: StreamItem
  event: FlatEvent
}

/** All copies of each event on the stream, by view and number. */
export const readStream = (items: readonly StreamItem[]): Map<string, Map<number, Copy[]>> => {
  const views = new Map<string, Map<number, Copy[]>>()
  for (const item of items) {
    const decoded = decodeRecord(item.data)
    if (!decoded.ok) continue
    for (const event of flattenRecord(decoded.record)) {
      const view = views.get(event.view_id) ?? new Map<number, Copy[]>()
      views.set(event.view_id, view)
      view.set(event.seq, [...(view.get(event.seq) ?? []), { item, event }])
    }
  }
  return views
}
