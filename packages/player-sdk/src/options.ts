import type { Content, PlayerEvent } from '@viewbeat/schema'

/** An event as captured: what will travel, stamped with its view. */
export type CapturedEvent = PlayerEvent & { view_id: string }

/** How to track one player. */
export interface TrackOptions {
  /** Where batches are posted: the URL of the ingest's `/v1/events`, absolute or relative to the page. */
  endpoint: string
  /** The publisher's public write key, `pk_…`. */
  key: string
  /** What is being watched. `id` is yours; leave `title` out where it would tell too much. */
  content: Content
  /** What plays it, when it is more than a bare `<video>`. */
  player?: { name: string; version?: string; engine?: string; engine_version?: string }
  /**
   * How old an event may get before its batch leaves, ms. Unless given, events ride with the next heartbeat (10 s in
   * the first minute, 30 s after), because requests are what collecting costs; urgent ones leave at once anyway.
   */
  maxAgeMs?: number
  /** Sees every event as captured. What it throws is ignored. */
  onEvent?: (event: CapturedEvent) => void
}

/** A tracked player. No method ever throws. */
export interface Tracker {
  /** The id of the current view; a new one with each content. */
  readonly viewId: string
  /** Says what plays now: ends the view and begins the next, or corrects a view that nobody asked to play yet. */
  setContent(content: Content): void
  /** Notes something of your own, as a `custom` event. */
  track(name: string, value?: unknown): void
  /** Sends what is waiting now; resolves when it is delivered or an attempt has failed. */
  flush(): Promise<void>
  /** Ends the view and leaves no listener and no timer. */
  stop(): void
}
