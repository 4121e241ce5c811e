/** What the adapter reads of dash.js' `Representation`. */
export interface Representation {
  bandwidth: number
  width: number
  height: number
  frameRate: number
  codecs: string | null
}

/** What the adapter reads of dash.js' `MediaInfo`. */
export interface MediaInfo {
  lang: string | null
}

/** What the adapter reads of dash.js' `FragmentRequest`. */
export interface FragmentRequest {
  url: string
  type: string
  mediaType: string
  startDate: Date
  firstByteDate: Date
  endDate: Date
  bytesLoaded: number
  duration: number
  representation: Representation
}

/** What the adapter uses of a `MediaPlayer` of dash.js 5. */
export interface DashPlayer {
  on(type: string, listener: never): void
  off(type: string, listener: never): void
  getVersion(): string
  getVideoElement(): HTMLMediaElement
  getSource(): string | object
  getManifest(): { protocol?: string }
  isDynamic(): boolean
  time(): number
  timeAsUTC(): number
  getDvrWindow(): { start: number; end: number }
  getCurrentLiveLatency(): number
  getTargetLiveDelay(): number
  getLowLatencyModeEnabled(): boolean
  getAverageThroughput(type: never): number
  getDashMetrics(): { getCurrentHttpRequest(mediaType: never): object }
  getRepresentationsByType(type: never): Representation[]
  getCurrentRepresentationForType(type: never): Representation | null
  getSettings(): object
}
