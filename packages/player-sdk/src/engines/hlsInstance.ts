/** What the adapter reads of hls.js' `Level`. */
export interface Level {
  bitrate: number
  width: number
  height: number
  frameRate: number
  audioCodec: string | undefined
  videoCodec: string | undefined
  attrs: { CODECS?: string; 'AVERAGE-BANDWIDTH'?: string }
}

/** What the adapter reads of hls.js' `MediaPlaylist`. */
export interface Track {
  lang?: string
  characteristics?: string
}

/** What the adapter reads of hls.js' `Fragment`, and of a `Part` of it. */
export interface Fragment {
  type: string
  url: string
  duration: number
  level: number
  stats: { loaded: number; loading: { start: number; first: number; end: number } }
  decryptdata: { keyFormat: string } | null
}

/** What the adapter reads of hls.js' events about fragments. `networkDetails` are of an XHR, or a `Response`. */
export interface FragmentData {
  frag: Fragment
  part?: Fragment
  networkDetails: { responseURL?: string; url?: string; status: number }
}

/** What the adapter uses of an `Hls` of hls.js 1.6 or newer. */
export interface HlsInstance {
  on(event: never, listener: never): void
  off(event: never, listener: never): void
  readonly levels: Level[]
  readonly currentLevel: number
  readonly autoLevelEnabled: boolean
  readonly autoLevelCapping: number
  readonly subtitleTracks: Track[]
  readonly media: HTMLMediaElement | null
  readonly url: string | null
  readonly latency: number
  readonly lowLatencyMode: boolean
  readonly playingDate: Date | null
  readonly latestLevelDetails: { live: boolean; partTarget: number } | null
  readonly mainForwardBufferInfo: { len: number } | null
  readonly audioForwardBufferInfo: { len: number } | null
  readonly bandwidthEstimate: number
  readonly abrEwmaDefaultEstimate: number
}
