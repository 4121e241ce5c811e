/** What the adapter reads of a cue of VHS' track `segment-metadata`. */
export interface SegmentCue {
  startTime: number
  value: {
    playlist: string
    bandwidth?: number
    resolution?: { width: number; height: number }
    codecs?: string
    dateTimeObject?: Date
  }
}

/** What the adapter reads of a text track, or an audio track, of video.js. */
export interface Track {
  label: string
  kind: string
  mode: string
  enabled: boolean
  language: string
  activeCues: ArrayLike<SegmentCue> | null
  addEventListener(type: string, listener: never): void
  removeEventListener(type: string, listener: never): void
}

/** A list of tracks of video.js. */
export type TrackList = ArrayLike<Track> & {
  on(type: string, listener: never): void
  off(type: string, listener: never): void
}

/** What the adapter reads of VHS' representations. */
export interface Representation {
  bandwidth?: number | undefined
  width?: number
  height?: number
  frameRate?: number
  codecs?: object
}

/** What the adapter reads of VHS' event of a loaded segment. */
export interface Loaded {
  metadata: { segmentInfo: { type: string; uri: string; duration: number; isMediaInitialization: boolean } }
}

/** What the adapter reads of VHS. */
export interface Vhs {
  stats: { mediaBytesTransferred: number; mediaTransferDuration: number }
  playlists: {
    media(): {
      endList?: boolean
      partTargetDuration?: number
      lastRequest?: number
      segments: { duration: number; end?: number }[]
    } | null
  }
  representations(): (Representation & { playlist: { disabled?: boolean } })[]
  seekable(): TimeRanges
  version(): Record<string, string>
}

/** What the adapter reads of a tech of video.js. `vhs` is there while VHS plays. */
export interface Tech {
  vhs?: Vhs
  el(): HTMLMediaElement
  on(type: string, listener: never): void
  off(type: string, listener: never): void
}

/** What the adapter uses of a `Player` of video.js 8, which types little of what it answers. */
export interface VideojsPlayer {
  on(type: string, listener: never): void
  off(type: string, listener: never): void
  tech(safety: unknown): object
  textTracks(): object
  audioTracks(): object
  currentSource(): object
  error(): unknown
  version(): unknown
}
