import type { RenditionName } from '../stream.ts'

/** A player of some engine, as a page has it. */
export interface Player {
  /** What an adapter of the SDK is given; a bare element has none. */
  instance?: unknown
  /** Begins to load; nothing plays yet. */
  load(url: string): void
  /** Chooses what to show next, as a viewer would in a menu. */
  switchTo(rendition: RenditionName): void
  destroy(): void
}

/**
 * Puts a player of an engine on the page's video. It buffers little, so that what is held is missed soon. `attempts`: how
 * often it asks for a segment that it does not get before it gives up.
 */
export type OpenPlayer = (video: HTMLVideoElement, attempts: number) => Player

/** How far every engine buffers ahead, s. */
export const BUFFER_S = 6

/** Few enough, bit/s, for every engine to begin with the smaller picture. */
export const SLOW_BPS = 50_000

/** After what time every engine asks again for a segment that it did not get, ms. */
export const RETRY_MS = 20
