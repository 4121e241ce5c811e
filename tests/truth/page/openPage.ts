import type { Engine } from '../../../packages/player-sdk/src/engine.ts'
import type { CapturedEvent, Tracker, TrackOptions } from '../../../packages/player-sdk/src/index.ts'
import type { Call } from '../witness.ts'
import { hidePage } from './hidePage.ts'
import { openCustom } from './openCustom.ts'
import { openDash } from './openDash.ts'
import { openElement } from './openElement.ts'
import { openHls } from './openHls.ts'
import { openShaka } from './openShaka.ts'
import { openVideojs } from './openVideojs.ts'
import type { OpenPlayer, Player } from './player.ts'
import { throwing } from './throwing.ts'
import { watchFrames } from './watchFrames.ts'

declare const viewbeat: {
  trackVideo(video: HTMLVideoElement, options: TrackOptions & { engine?: Engine }): Tracker
}

/** The SDK's adapters by the engine's name. */
type Adapters = { [engine: string]: (player: never) => Engine }

const PLAYERS: Record<string, OpenPlayer> = {
  element: openElement,
  custom: openCustom,
  hls: openHls,
  dash: openDash,
  shaka: openShaka,
  videojs: openVideojs,
}

/** How often an engine asks for a segment before it gives up. */
const ATTEMPTS = 60

/** What is special about a page, each a word in its address. */
export interface Special {
  /** The element begins again from the end. */
  loop?: boolean
  /** The element plays by itself as soon as it can. */
  autoplay?: boolean
  /** Its sound is on, so that browsers do not let it play without a gesture. */
  sound?: boolean
  /** The page's script tracks, loads and, where the element does not do it by itself, plays at once. */
  begin?: boolean
  /** The engine gives up at once where it does not get a segment. */
  impatient?: boolean
  /** Whatever is asked of the engine throws. */
  throwing?: boolean
}

/** What a test does with a page, by name. */
const createPage = (adapters: Adapters) => {
  const [, engine = ''] = /(\w+)\.html/.exec(location.pathname) ?? []
  const words = new URLSearchParams(location.search)
  const is = (word: keyof Special) => words.has(word)
  const source = words.get('source')!
  const video = document.querySelector<HTMLVideoElement>('video, hls-video')!
  video.loop = is('loop')
  video.autoplay = is('autoplay')
  video.muted = !is('sound')
  const witness = watchFrames(video)
  const player: Player = PLAYERS[engine]!(video, is('impatient') ? 1 : ATTEMPTS)
  const events: (CapturedEvent & { seen_at: number })[] = []
  const adapter = adapters[engine]
  const instance = player.instance && is('throwing') ? throwing(player.instance) : player.instance

  const note = (name: Call['name'], to?: number) => {
    witness.calls.push({ name, at: performance.now(), ...(to !== undefined && { to }) })
  }

  return {
    video,
    player,
    witness,
    events,
    /** The page's time when it was tracked, which is 0 in the view. */
    trackedAt: 0,
    tracker: undefined as Tracker | undefined,
    track() {
      this.tracker = viewbeat.trackVideo(video, {
        endpoint: new URL('v1/events', location.href).href,
        key: 'pk_demo',
        content: { id: 'truth' },
        // A busy page needs a while from the call to the view.
        onView: () => {
          this.trackedAt ||= performance.now()
        },
        onEvent: (event) => events.push({ ...event, seen_at: performance.now() }),
        ...(adapter && instance ? { engine: adapter(instance as never) } : {}),
      })
    },
    load(from = source) {
      note('load')
      player.load(new URL(from, location.href).href)
    },
    loadNext() {
      this.load(`${source}?next`)
    },
    /** As a page with a playlist does: the SDK is told of the clip in the same task. */
    announceNext() {
      this.tracker!.setContent({ id: 'next' })
      this.loadNext()
    },
    play() {
      note('play')
      video.play().catch(() => note('refused'))
    },
    pause() {
      note('pause')
      video.pause()
    },
    seek(to: number) {
      note('seek', to)
      video.currentTime = to
    },
    switchTo(rendition: 'low' | 'high') {
      note('switch')
      player.switchTo(rendition)
    },
    setRate(rate: number) {
      video.playbackRate = rate
    },
    /** Keeps the page's only thread busy for so long, ms. */
    block(ms: number) {
      for (const since = performance.now(); performance.now() < since + ms; );
    },
    hide: hidePage,
    /** Has the view tell where it stands. */
    beat() {
      void this.tracker?.flush()
    },
    /** Ends the view and tells all that both have seen. */
    finish() {
      this.tracker?.stop()
      const { frames, calls } = witness
      const until = performance.now()
      // What was captured last is told a moment later.
      return new Promise((resolve) =>
        setTimeout(() => resolve({ log: { frames, calls, until }, events, trackedAt: this.trackedAt })),
      )
    },
  }
}

/** What a test does with a page. */
export type Page = ReturnType<typeof createPage>

/** Sets the page up: a player, and a witness of what it shows. */
export const openPage = (adapters: Adapters) => {
  const page = createPage(adapters)
  Object.assign(window, { truth: page })
  page.video.addEventListener('click', () => page.play())
  if (!new URLSearchParams(location.search).has('begin')) return
  page.track()
  page.load()
  if (!page.video.autoplay) page.play()
}
