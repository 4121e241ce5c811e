import type { Batch, Content, PlayerEvent } from '@viewbeat/schema'
import type { AdBreaks, AdSignals, Engine, PlayerError } from './engine.ts'
import type { Network } from './transport/network.ts'

/** An event as captured: what will travel, stamped with its view. */
export type CapturedEvent = PlayerEvent & { view_id: string }

/** The viewer's choice, when there is one. */
export type Consent = 'granted' | 'denied' | 'pending'

/** A batch before it is sent, but for what is stamped as it leaves. */
export type OutgoingBatch = Omit<Batch, 'sent_at' | 'dropped'>

/** How to track one player. */
export interface TrackOptions {
  /** Where batches are posted: the URL of the ingest's `/v1/events`, absolute or relative to the page. */
  endpoint: string
  /** The publisher's public write key, `pk_…`. */
  key: string
  /** What is being watched. `id` is yours; leave `title` out where it would tell too much. */
  content: Content
  /** What plays it, when it is more than a bare `<video>`. Of the streaming engine its adapter tells. */
  player?: { name: string; version?: string; engine?: string; engine_version?: string }
  /** The streaming engine that feeds the element: `hls(…)`, `dash(…)`, `shaka(…)` or `videojs(…)`, each an entry of its own. */
  engine?: Engine
  /** Ads: `ads(ima(…))`, or `ads()` where you tell of them yourself by `tracker.ads`. An entry of its own. */
  ads?: AdBreaks
  /** Says which errors are refusals on purpose (no subscription, another region) and no faults. */
  isBusinessError?: (error: PlayerError) => boolean
  /** Called as each view begins, before anything is captured, and without a view at `stop`: see `@viewbeat/player-sdk/cmcd`. */
  onView?: (viewId?: string, contentId?: string) => void
  /** `false`: does nothing at all. No request, no listener, no storage. */
  enabled?: boolean
  /**
   * The viewer's choice, for all trackers of the page that share an endpoint and a key. Left out: events are sent,
   * nothing is stored on the device. `granted`: what nobody has answered for may be stored there. `pending`: a bounded
   * buffer in memory waits for `setConsent`. `denied`: see `whenDenied`.
   */
  consent?: Consent
  /** What a denial means: nothing leaves (`off`, unless said), or views that nothing ties together do (`anonymous`). */
  whenDenied?: 'off' | 'anonymous'
  /** `false`: Global Privacy Control is reported but changes nothing. Unless said, it means no storage and no visit. */
  honorGpc?: boolean
  /** The share of views that is measured, 0 to 1; a view is measured whole or not at all. */
  sampleRate?: number
  /** Edits a batch before it is queued, or drops it by answering nothing; what is dropped is counted. */
  beforeSend?: (batch: OutgoingBatch) => OutgoingBatch | null | undefined
  /** ms between heartbeats; unless given 10 s in the first minute of a view, 30 s after. */
  heartbeatMs?: number
  /** How old an event may get before its batch leaves, ms. Unless given, events ride with the next heartbeat. */
  maxAgeMs?: number
  /** Sees every event as captured. What it throws is ignored. */
  onEvent?: (event: CapturedEvent) => void
  /** `true`: writes every batch and every loss to the console. */
  debug?: boolean
  /** Another way out than the browser's, for tests: see `@viewbeat/player-sdk/testing`. */
  transport?: Network
}

/** A tracked player. No method ever throws. */
export interface Tracker {
  /** The id of the current view; a new one with each content. */
  readonly viewId: string
  /** Says what plays now: ends the view and begins the next, or corrects a view that nobody asked to play yet. */
  setContent(content: Content): void
  /** The viewer has chosen, or chosen anew. */
  setConsent(consent: Consent): void
  /** Notes something of your own, as a `custom` event. */
  track(name: string, value?: unknown): void
  /** Notes an error that only you know of, such as a refusal of your own service. */
  error(error: Partial<PlayerError> & { code: string }): void
  /** Tells of ads that nothing else tells of, such as those of server-side insertion; there where the option `ads` is. */
  readonly ads?: AdSignals | undefined
  /** Sends what is waiting now; resolves when it is delivered or an attempt has failed. */
  flush(): Promise<void>
  /** Ends the view and leaves no listener and no timer. */
  stop(): void
}
