import { byteLength } from '../byteLength.ts'
import { FULL_BATCH_BYTES, FULL_BATCH_EVENTS, MAX_EVENT_BYTES } from '../limits.ts'

/** Why a batch was closed and sent. */
export type FlushReason =
  | 'urgent'
  | 'heartbeat'
  | 'age'
  | 'full'
  | 'hidden'
  | 'pagehide'
  | 'view_end'
  | 'manual'

/** Collects the events of one view, as JSON texts, until they are taken for a batch. */
export const createBatcher = (tooLarge: () => void) => {
  let events: string[] = []
  let bytes = 0
  return {
    get events() {
      return events
    },
    /** UTF-8 bytes of the events, and what joins them. */
    get bytes() {
      return bytes
    },
    /** Takes an event; answers whether the batch is full. */
    push(json: string) {
      const size = byteLength(json)
      if (size > MAX_EVENT_BYTES) return tooLarge()
      events.push(json)
      bytes += size + 1
      return bytes >= FULL_BATCH_BYTES || events.length >= FULL_BATCH_EVENTS
    },
    take() {
      const taken = events
      events = []
      bytes = 0
      return taken
    },
  }
}
