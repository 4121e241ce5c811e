import type { FlatEvent, ViewRecord } from '@viewbeat/schema'

/** An event as a store gives it back; with the clock of its store, epoch ms, where that keeps it. */
export type FoundEvent = FlatEvent & { stored_at?: number }

/** An event that was refused, or a whole batch of which no number could be read, and why. */
export interface Refused {
  seq: number | null
  stage: string
  code: string
  path: string
  message: string
  /** Epoch ms. */
  received_at: number
}

/** All that a store has of a view. */
export interface Found {
  view: ViewRecord
  /** In any order; one may come twice. */
  events: FoundEvent[]
  /** Absent where the store is not told of them. */
  refused?: Refused[]
}

/** Where a view is asked for; undefined when nothing of it is there. */
export type FindView = (viewId: string) => Promise<Found | undefined>
