import type { Manifest } from './fakeEngine.ts'
import { EPOCH } from './pageTime.ts'
import type { EngineHint, Live, Rendition } from './trace.ts'

/** The manifest of what an element plays: it says what a trace hints at. */
export const createManifest = (video: HTMLVideoElement, now: () => number, isMediaSource: boolean) => {
  let renditions: Rendition[] = []
  let live: (Live & { since: number }) | undefined

  return {
    isMediaSource,
    get renditions() {
      return renditions
    },
    isLive: () => !!live || video.duration === Number.POSITIVE_INFINITY,
    window() {
      const [start, end] = live?.window ?? [Number.NaN, Number.NaN]
      const passed = live ? (now() - live.since) / 1000 : 0
      return { start: start + passed, end: end + passed }
    },
    date: () =>
      live?.made_at === undefined ? undefined : new Date(EPOCH + live.made_at + video.currentTime * 1000),
    /** From now on it says this. */
    say(hint: EngineHint) {
      renditions = hint.renditions ?? renditions
      if (hint.live) live = { ...hint.live, since: now() }
    },
  } satisfies Manifest & { say(hint: EngineHint): void }
}
