import type { EventOf, Totals } from '@viewbeat/schema'
import type { Frames } from './playback/createFrameCount.ts'
import type { Playback } from './playback/createPlayback.ts'

/** A rendition as the manifest declares it; what it does not say is left out, never 0. */
export type Rendition = Pick<
  EventOf<'rendition_change'>,
  'bitrate_bps' | 'avg_bitrate_bps' | 'width_px' | 'height_px' | 'fps' | 'codec'
>

/** An error as the engine tells it. `message` may hold URLs: they are scrubbed before it travels. */
export type PlayerError = Pick<
  EventOf<'error'>,
  | 'severity'
  | 'category'
  | 'code'
  | 'message'
  | 'http_status'
  | 'engine_code'
  | 'business'
  | 'recovered'
  | 'scope'
>

/** A request for media that has settled. */
export type SegmentRequest = Omit<
  EventOf<'request'>,
  'seq' | 'type' | 'ts' | 't_ms' | 'playhead_ms' | 'playhead_kind' | 'state' | 'in_ad' | 'ext'
>

/** Tells of a break and its ads, in their order: break_start, start, quartile, end, break_end. Calls out of turn are mended. */
export interface AdSignals {
  /**
   * The content gives way to ads. `inElement`: the ads are part of what the tracked element plays (server-side
   * insertion, ads in its own source); else something else shows them, while the element stands still or is hidden.
   */
  breakStart(
    about?: Partial<
      Pick<EventOf<'ad_break_start'>, 'break_id' | 'position' | 'ads_planned' | 'insertion'>
    > & {
      inElement?: boolean
    },
  ): void
  /** The first frame of an ad is on screen. */
  start(
    about?: Pick<
      EventOf<'ad_start'>,
      | 'ad_id'
      | 'creative_id'
      | 'universal_ad_id'
      | 'pod_index'
      | 'duration_ms'
      | 'skippable'
      | 'load_ms'
      | 'impression'
    >,
  ): void
  quartile(quartile: 1 | 2 | 3): void
  /** The ad's picture stands still without anybody's wish, or moves again. Only for ads outside of the element. */
  buffering(isBuffering: boolean): void
  /** The viewer pauses the ad, or goes on. Only for ads outside of the element. */
  paused(isPaused: boolean): void
  click(): void
  end(reason?: 'completed' | 'skipped' | 'error' | 'quit'): void
  /** An ad could not be shown, or not go on: it has its own count, and the view does not fail of it. */
  error(error?: Partial<PlayerError>): void
  /** The content is about to go on. */
  breakEnd(): void
}

/** What an engine tells as it happens. Nothing here throws, and anything may be called at any time. */
export interface EngineSignals {
  /**
   * Another rendition is on screen, or is about to be. Where its size differs from what is shown, the change counts from
   * the moment that the element shows that size.
   */
  rendition(rendition: Rendition, reason?: 'abr' | 'user' | 'cap', media?: 'video' | 'audio'): void
  /** Media comes from this URL now: another host than before is a change of CDN. Called for each segment. */
  host(url: string, reason?: 'steering' | 'failover' | 'redirect'): void
  error(error: PlayerError): void
  request(request: SegmentRequest): void
  /** An audio or text track was selected, or switched off. */
  track(track: Pick<EventOf<'track_change'>, 'kind' | 'language' | 'enabled' | 'role'>): void
  /** The browser did not let playback begin without a gesture. */
  autoplayBlocked(): void
  /**
   * The engine is about to move the playhead by itself, or just did: over a gap, or to the live edge. That is nobody's
   * seek; what the viewer waits meanwhile is a stall.
   */
  jump(): void
  /** The engine was given another source to load (a URL, or anything that names it). */
  source(url: string): void
}

/** What an engine knows at the moment. What it cannot know is left out. */
export interface EngineReading {
  /** Media buffered ahead of the playhead, ms. */
  buffer_ms?: number | undefined
  /** The engine's estimate of the network. */
  throughput_bps?: number | undefined
  /** There for live streams only, even if it is empty. */
  live?: { latency_ms?: number | undefined; edge_distance_ms?: number | undefined } | undefined
  /** `ll_live` where the engine plays with low latency. */
  stream_type?: 'vod' | 'live' | 'll_live' | undefined
  /** Wall-clock time of what is on screen, epoch ms, where the stream tells. */
  date_ms?: number | undefined
  /** Frames, where the engine counts better than the element. */
  frames?: Frames | undefined
  /** The manifest, for host and format of the source. */
  url?: string | undefined
  format?: 'hls' | 'dash' | 'smooth' | 'file' | undefined
  /** Key system in use. */
  drm?: string | undefined
  /** The renditions that the manifest offers. */
  renditions?: Rendition[] | undefined
}

/** A streaming engine that a tracker listens to: what `hls(…)`, `dash(…)`, `shaka(…)` and `videojs(…)` answer. */
export interface Engine {
  /** What plays: goes into the batches' context, but for what the host says itself. */
  player: { name?: string; version?: string; engine: string; engine_version?: string }
  /** Begins to tell; the answer ends it and leaves no listener. */
  connect(signals: EngineSignals): () => void
  /** Asked for with each heartbeat, and when the view begins. */
  read(): EngineReading
}

/** Something that shows ads and tells of them: what `ima(…)` and its like answer. */
export interface AdSource {
  /** Begins to tell; the answer ends it and leaves no listener. */
  connect(signals: AdSignals): () => void
}

/** What a tracker offers to whoever tells of ads. Its names are the same in every build: what uses it is built apart. */
export interface AdHost {
  /** The current view. */
  view(): Pick<
    Playback,
    | 'state'
    | 'requested'
    | 'started'
    | 'put'
    | 'setAds'
    | 'addAd'
    | 'emit'
    | 'move'
    | 'stand'
    | 'pause'
    | 'play'
    | 'end'
    | 'warn'
  > & { totals(at: number): Totals }
  /** ms since the view began. */
  elapsed(): number
  /** Scrubs an error and lets the host mark it. */
  tidy(error: PlayerError): PlayerError
  /** The same signals, none of which throws. */
  guard(signals: AdSignals): AdSignals
  /** Somebody asked to play, though the element has not been asked yet. */
  request(): void
  /** The content comes back, with a source and a seek of its own or without. */
  afterBreak(): void
}

/** The ads of a player, as `ads(…)` keeps them. */
export interface AdBreaks {
  signals: AdSignals
  /** Begins to listen to what shows them, on behalf of a tracker; the answer ends it. */
  attach(host: AdHost): () => void
  /** Something else than the element shows an ad, so that what the element does is not what the viewer sees. */
  readonly outside: boolean
  /** The view closes: so does what is open. */
  close(): void
}
