import type { Engine } from '../../src/engine.ts'
import type { Tracker } from '../../src/options.ts'
import type { EngineHint, Rendition } from './trace.ts'

/** What a manifest says, and a clock with it, at the moment it is asked. */
export interface Manifest {
  /** The page puts media in by Media Source Extensions, as engines do. */
  isMediaSource: boolean
  renditions: readonly Rendition[]
  isLive: () => boolean
  /** What can be sought of a live stream, s; of others nothing is known. */
  window: () => { start: number; end: number }
  /** The wall-clock time of the playhead, where the stream tells. */
  date: () => Date | undefined
}

/** A streaming engine that does what a trace says, in its own words and by its own events. */
export interface FakeEngine {
  /** What `trackVideo` is given; none: a bare `<video>`, whose page tells of errors itself. */
  engine?: Engine
  /** What `currentSrc` has of a source, the n-th time that one is taken into the element. */
  urlOf(source: string, attachment: number): string
  /** The page gives it something to play. */
  load(source: string): void
  error(error: NonNullable<EngineHint['error']>, tracker: Tracker): void
  /** It moves the playhead by itself, which `move` does to the element. */
  jump(kind: NonNullable<EngineHint['jump']>, move: () => void): void
  /** It tells which of the manifest's renditions is shown, or is about to be. */
  rendition(index: number): void
  /** It tells of a segment that it has loaded. */
  segment(url: string): void
}

/** How engines are made: to feed this element with what this manifest says. */
export type CreateEngine = (video: HTMLVideoElement, manifest: Manifest) => FakeEngine

/** Where an engine's media source is, in memory. */
export const blobOf = (source: string, attachment: number) =>
  `blob:https://page.example/${source}-${attachment}`

/** A bare `<video>` that plays a file, or what a page puts in that has no engine of ours to tell of it. */
export const noEngine: CreateEngine = (_, { isMediaSource }) => ({
  urlOf: isMediaSource ? blobOf : (source) => `https://media.example/${source}.mp4`,
  load() {},
  error: (error, tracker) => tracker.error({ ...error, code: 'told' }),
  jump: (_, move) => move(),
  rendition() {},
  segment() {},
})
