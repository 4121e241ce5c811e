import type HlsJs from '../../../packages/player-sdk/node_modules/hls.js/dist/hls.d.ts'
import { ads } from '../../../packages/player-sdk/src/ads/ads.ts'
import { contribAds } from '../../../packages/player-sdk/src/ads/contribAds.ts'
import { hlsInterstitials } from '../../../packages/player-sdk/src/ads/hlsInterstitials.ts'
import { ima } from '../../../packages/player-sdk/src/ads/ima.ts'
import type { AdSignals, AdSource, Engine } from '../../../packages/player-sdk/src/engine.ts'
import { hls } from '../../../packages/player-sdk/src/engines/hls.ts'
import { videojs } from '../../../packages/player-sdk/src/engines/videojs.ts'
import type { CapturedEvent, Tracker, TrackOptions } from '../../../packages/player-sdk/src/index.ts'
import { watchFrames } from '../../truth/page/watchFrames.ts'
import type { FrameSeen } from '../../truth/witness.ts'
import { type BesideAds, playBeside } from './playBeside.ts'
import { playByVideojs, type VideojsAds } from './playByVideojs.ts'
import { tellStitched } from './tellStitched.ts'

declare const Hls: typeof HlsJs
declare const viewbeat: { trackVideo(video: HTMLVideoElement, options: TrackOptions): Tracker }

/** Something that happened: on the element (`*emptied`), or told to the SDK (`start`). */
export interface Happening {
  name: string
  about?: unknown
  at: number
  currentTime: number
}

/** What happened in a page, as itself saw it and as the SDK says. */
export interface Seen {
  happenings: Happening[]
  events: CapturedEvent[]
  /** Of the tracked element, in which ads may take turns with the content. */
  frames: FrameSeen[]
  /** Of an element that shows ads alone. */
  framesBeside: FrameSeen[]
}

const MEDIA_EVENTS = [
  'emptied',
  'ended',
  'loadstart',
  'pause',
  'play',
  'playing',
  'seeked',
  'seeking',
  'waiting',
]

const video = document.querySelector('video')!
const witness = watchFrames(video)
let framesBeside: FrameSeen[] = []
const events: CapturedEvent[] = []
const happenings: Happening[] = []
const note = (name: string, about?: unknown) => {
  happenings.push({ name, about, at: performance.now(), currentTime: video.currentTime })
}
for (const name of MEDIA_EVENTS) video.addEventListener(name, () => note(`*${name}`))

/** The same signals, noted first. */
const noting = (signals: AdSignals) => {
  const noted = { ...signals }
  for (const name of Object.keys(signals) as (keyof AdSignals)[])
    noted[name] = (about?: unknown) => {
      note(name, about)
      signals[name](about as never)
    }
  return noted
}

const track = (source?: AdSource, engine?: Engine) => {
  const sources: AdSource[] = source ? [{ connect: (signals) => source.connect(noting(signals)) }] : []
  return viewbeat.trackVideo(video, {
    endpoint: '/v1/events',
    key: 'pk_demo',
    content: { id: 'ep-1' },
    ads: ads(...sources),
    onEvent: (event) => events.push(event),
    ...(engine && { engine }),
  })
}

/** What a test does with the page. */
const createPage = () => {
  let instance: HlsJs
  let tracker: Tracker
  const onFirst = (name: string, run: () => void) => {
    const at = setInterval(() => {
      if (!happenings.some((happening) => happening.name === name)) return
      clearInterval(at)
      run()
    }, 10)
  }
  const play = () => {
    void video.play().catch(() => {})
  }
  const load = (url: string, playAfterMs = 0) => {
    instance.loadSource(url)
    instance.attachMedia(video)
    if (playAfterMs) setTimeout(play, playAfterMs)
    else play()
  }
  return {
    happenings: () => happenings,
    openInterstitials(url: string, from: number, playAfterMs = 0) {
      instance = new Hls({ startPosition: from, maxBufferLength: 10 })
      tracker = track(hlsInterstitials(instance), hls(instance))
      load(url, playAfterMs)
    },
    /** The tracker comes so much later than the ad, ms. */
    openLate(url: string, from: number, afterMs: number) {
      instance = new Hls({ startPosition: from, maxBufferLength: 10 })
      let assets = 0
      instance.on(Hls.Events.INTERSTITIAL_ASSET_STARTED, () => {
        if (!assets++)
          setTimeout(() => {
            tracker = track(hlsInterstitials(instance), hls(instance))
          }, afterMs)
      })
      load(url)
    },
    openStitched(url: string, from: number) {
      instance = new Hls({ startPosition: from, maxBufferLength: 10 })
      tracker = track(undefined, hls(instance))
      tellStitched(video, noting(tracker.ads!))
      load(url)
    },
    openVideojs(kind: VideojsAds) {
      playByVideojs(video, kind, (player) => {
        tracker = track(contribAds(player, { inElement: kind !== 'apart' }), videojs(player as never))
      })
    },
    openBeside(kind: BesideAds) {
      const source = ima()
      tracker = track(source)
      const beside = document.createElement('video')
      framesBeside = watchFrames(beside).frames
      playBeside(video, beside, kind, source.use, play)
    },
    /** The first media source opens so much later than it would, ms: the playlist is there before. */
    openFirstSourceLate(ms: number) {
      const { MediaSource } = window
      window.MediaSource = class extends MediaSource {
        constructor() {
          super()
          window.MediaSource = MediaSource
          const hold = (event: Event) => {
            event.stopImmediatePropagation()
            setTimeout(() => this.readyState === 'open' && this.dispatchEvent(new Event('sourceopen')), ms)
          }
          this.addEventListener('sourceopen', hold, { once: true })
        }
      }
    },
    play: () => void video.play(),
    skipAtFirstQuartile: () => onFirst('quartile', () => instance.interstitialsManager!.skip()),
    /** The viewer pauses the ad for so long, ms. */
    pauseAtFirstQuartile: (ms: number) =>
      onFirst('quartile', () => {
        video.pause()
        setTimeout(() => void video.play(), ms)
      }),
    destroyAtStart: () => onFirst('start', () => instance.destroy()),
    /** How many frames of the content, which is the larger one, were seen since the last break. */
    framesSinceBreak() {
      const ended = happenings.findLast(({ name }) => name === 'breakEnd')
      const width = Math.max(...witness.frames.map((frame) => frame.width))
      return witness.frames.filter((frame) => ended && frame.now > ended.at && frame.width === width).length
    },
    /** Ends the view and tells all that was seen. */
    finish(): Promise<Seen> {
      tracker.stop()
      const seen = { happenings, events, frames: witness.frames, framesBeside }
      // What was captured last is told a moment later.
      return new Promise((resolve) => setTimeout(() => resolve(seen)))
    },
  }
}

/** The page, as a test calls it. */
export type AdsPage = ReturnType<typeof createPage>

Object.assign(window, { adsPage: createPage() })
