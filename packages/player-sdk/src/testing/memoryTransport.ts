import type { Batch, PlayerEvent } from '@viewbeat/schema'
import type { Network } from '../transport/network.ts'

/** A way out of the page that leads nowhere: everything stays to be looked at. */
export interface MemoryTransport extends Network {
  /** The batches that were sent, in order. */
  batches: Batch[]
  /** Their events, in order. */
  readonly events: PlayerEvent[]
}

/** The `transport` of `trackVideo` for a page's own tests: takes every batch, or answers with the given status. */
export const memoryTransport = (status = 202): MemoryTransport => {
  const batches: Batch[] = []
  const keep = (body: string) => batches.push(...body.split('\n').map((line) => JSON.parse(line)))
  return {
    batches,
    get events() {
      return batches.flatMap(({ events }) => events)
    },
    pack: async (body) => body,
    post: async (_url, body) => {
      if (status === 202) keep(String(body))
      return [status, 0]
    },
    beacon(_url, body) {
      keep(body)
      return true
    },
    leave: () => true,
  }
}
