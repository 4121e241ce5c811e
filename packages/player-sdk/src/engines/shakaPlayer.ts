/** What the adapter reads of Shaka's `Track`. */
export interface Track extends Stream {
  active: boolean
  videoBandwidth?: number | null
  videoCodec: string | null
  language: string
}

/** What the adapter reads of Shaka's `Stream`. */
export interface Stream {
  type: string
  bandwidth?: number
  width?: number | null
  height?: number | null
  frameRate?: number | null
  codecs: string | null
}

/** What the adapter reads of Shaka's events about downloads. */
export interface Download {
  requestType: number
  request: { attempt: number; timeToFirstByte?: number | null }
  context?: { type?: number; stream?: Stream; segment?: { getStartTime(): number; getEndTime(): number } }
  response: {
    uri: string
    originalUri: string
    status?: number
    timeMs?: number
    data: { byteLength: number }
  }
  error: ShakaErrorData | null
}

/** What the adapter reads of Shaka's `Error`. */
export interface ShakaErrorData {
  severity: number
  category: number
  code: number
  data: unknown[]
  handled?: boolean
}

/** What the adapter uses of a `shaka.Player` of Shaka Player 4.10 or newer. */
export interface ShakaPlayer {
  addEventListener(type: string, listener: never): void
  removeEventListener(type: string, listener: never): void
  getMediaElement(): HTMLMediaElement | null
  getAssetUri(): string | null
  getManifestType(): string | null
  getVariantTracks(): Track[]
  getTextTracks(): { active: boolean; language: string }[]
  getStats(): { estimatedBandwidth: number }
  getConfiguration(): {
    abr: { enabled: boolean; defaultBandwidthEstimate?: number }
    streaming: { lowLatencyMode: boolean }
  }
  getManifest(): {
    isLowLatency?: boolean
    presentationTimeline: { getSegmentAvailabilityEnd(): number }
  } | null
  getPlayheadTimeAsDate(): Date | null
  isLive(): boolean
  keySystem(): string
  seekRange(): { start: number; end: number }
}
