/** What the committed media are: 40 s in 20 segments, two sizes of a moving pattern and a tone apart from them. */
export const STREAM = {
  segments: 20,
  segment_ms: 2000,
  /** How many segments a live playlist lists. */
  window: 6,
  tracks: {
    low: {
      kind: 'video',
      timescale: 12_800,
      bandwidth: 45_000,
      width: 160,
      height: 90,
      codecs: 'avc1.4d400c',
    },
    high: {
      kind: 'video',
      timescale: 12_800,
      bandwidth: 100_000,
      width: 320,
      height: 180,
      codecs: 'avc1.4d4015',
    },
    audio: { kind: 'audio', timescale: 48_000, bandwidth: 18_000, codecs: 'mp4a.40.2' },
  },
} as const

/** A track of the stream. */
export type TrackName = keyof typeof STREAM.tracks

/** A rendition of the picture. */
export type RenditionName = 'low' | 'high'

/** Whether a path's first folder is a track. */
export const isTrack = (name: string): name is TrackName => name in STREAM.tracks

/** How long the whole of it lasts, ms. */
export const STREAM_MS = STREAM.segments * STREAM.segment_ms

/** The newest segment that is there, of a live stream that began so long ago. */
export const newestSegment = (age_ms: number) => Math.floor(age_ms / STREAM.segment_ms) - 1
