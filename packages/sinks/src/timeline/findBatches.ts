import type { FoundEvent } from './found.ts'

/** Where a batch was when. Times are epoch ms; those of the device and of the server are of two clocks. */
export interface BatchWay {
  first_seq: number
  last_seq: number
  events: number
  /** Its first and last event, by the device's clock. */
  captured_from: number
  captured_to: number
  /** By the device's clock. */
  sent_at: number
  /** By the server's clock. */
  received_at: number
  /** By the store's clock; absent where that does not keep it. */
  stored_at?: number
  /** From its last event to its being sent. */
  held_ms: number
  /** How much longer it was on its way than the fastest batch of the view. */
  slower_ms: number
  /** From being received to being stored. */
  stored_after_ms?: number
}

/** The batches of a view and what its two clocks differ by. */
export interface Batches {
  batches: BatchWay[]
  /** The server's clock less the device's, the way of the fastest batch included; ms. */
  clock_offset_ms: number
}

const min = (values: readonly number[]) => values.reduce((least, value) => Math.min(least, value), Infinity)
const max = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), -Infinity)

/**
 * Finds the batches in which events came, by when they were sent and received: two that share both to the millisecond count
 * as one. `events` in their order, at least one.
 */
export const findBatches = (events: readonly FoundEvent[]): Batches => {
  const groups = new Map<string, FoundEvent[]>()
  for (const event of events) {
    const key = `${event.sent_at} ${event.received_at}`
    const known = groups.get(key)
    if (known) known.push(event)
    else groups.set(key, [event])
  }
  const clock_offset_ms = min(events.map(({ received_at, sent_at }) => received_at - sent_at))
  const batches = [...groups.values()].map((group): BatchWay => {
    const { sent_at, received_at } = group[0]!
    const moments = group.map(({ ts }) => ts)
    const stored = group.flatMap(({ stored_at }) => stored_at ?? [])
    const stored_at = stored.length > 0 ? max(stored) : undefined
    return {
      first_seq: group[0]!.seq,
      last_seq: group.at(-1)!.seq,
      events: group.length,
      captured_from: min(moments),
      captured_to: max(moments),
      sent_at,
      received_at,
      ...(stored_at !== undefined && { stored_at }),
      held_ms: sent_at - max(moments),
      slower_ms: received_at - sent_at - clock_offset_ms,
      ...(stored_at !== undefined && { stored_after_ms: stored_at - received_at }),
    }
  })
  return {
    batches: batches.toSorted((a, b) => a.first_seq - b.first_seq || a.received_at - b.received_at),
    clock_offset_ms,
  }
}
