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

/** Why events were lost. */
export type LossReason = 'queue_full' | 'too_large' | 'refused'

/** Cumulative losses of one view; it travels with every batch of the view. */
export type Losses = Partial<Record<LossReason, number>>

/** A closed batch on its way. */
export interface SealedBatch {
  /** The events as JSON, in order. */
  events: string[]
  /** UTF-8 bytes of the body, but for what `sent_at` and `dropped` add when it leaves. */
  bytes: number
  /** The rest of the body as JSON text without its closing brace, stamped as it leaves. */
  header: () => string
  lose: (reason: LossReason, events: number) => void
}

/** Collects the events of one view until they are sealed into a batch. */
export const createBatcher = ({
  header,
  lose,
}: {
  /** Takes a picture of the context; answers the header's text, stamped anew each time it is called. */
  header: () => () => string
  lose: SealedBatch['lose']
}) => {
  let events: string[] = []
  let bytes = 0
  return {
    get size() {
      return events.length
    },
    /** Takes an event; answers whether the batch is full. */
    push(json: string): boolean {
      const size = byteLength(json)
      if (size > MAX_EVENT_BYTES) {
        lose('too_large', 1)
        return false
      }
      events.push(json)
      bytes += size + 1
      return bytes >= FULL_BATCH_BYTES || events.length >= FULL_BATCH_EVENTS
    },
    seal(): SealedBatch {
      const stamped = header()
      const sealed = { events, bytes: bytes + byteLength(stamped()) + 64, header: stamped, lose }
      events = []
      bytes = 0
      return sealed
    },
  }
}
