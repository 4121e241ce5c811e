import type { EngineHint } from '../trace.ts'

/** What an element showed at some time of its page, and what was fired or shown just then. Times are `performance.now()`, ms. */
export interface Glimpse {
  at: number
  event?: string
  persisted?: boolean
  /** The place in the media of a frame that is shown now, s. */
  frame?: number
  engine?: EngineHint
  currentTime: number
  readyState: number
  paused: boolean
  seeking: boolean
  ended: boolean
  /** JSON has no numbers for what has no end, or is not known. */
  duration: number | 'unknown' | 'infinite'
  buffered: [number, number][]
  playbackRate: number
  loop: boolean
  autoplay: boolean
  muted: boolean
  width: number
  height: number
  error: number
  visible: boolean
  userActivation: boolean
  /** What `getVideoPlaybackQuality` counts. */
  frames: number
}

const EVERY_MS = 50

const ELEMENT_EVENTS =
  'loadstart progress suspend abort error emptied stalled loadedmetadata loadeddata canplay canplaythrough playing waiting seeking seeked ended durationchange timeupdate play pause ratechange resize'
const DOCUMENT_EVENTS = 'visibilitychange freeze resume'
const WINDOW_EVENTS = 'pagehide pageshow'

/** What is used of hls.js here. */
interface Hls {
  on(type: 'hlsError', listener: (type: string, data: { type: string; fatal: boolean }) => void): void
}

const glimpse = (video: HTMLVideoElement): Omit<Glimpse, 'at'> => {
  const { currentTime, readyState, paused, seeking, ended, playbackRate, loop, autoplay, muted } = video
  const { duration, buffered, videoWidth: width, videoHeight: height } = video
  return {
    currentTime,
    readyState,
    paused,
    seeking,
    ended,
    duration: Number.isNaN(duration) ? 'unknown' : Number.isFinite(duration) ? duration : 'infinite',
    buffered: Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]),
    playbackRate,
    loop,
    autoplay,
    muted,
    width,
    height,
    error: video.error?.code ?? 0,
    visible: document.visibilityState === 'visible',
    userActivation: navigator.userActivation.isActive,
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
  }
}

/** Notes, from before a page has run its scripts, all that its first `<video>` fires and shows; `recorded` of the window has it. */
export const watchElement = () => {
  const seen: Glimpse[] = []
  let video: HTMLVideoElement | undefined
  let instance: unknown

  const note = (more: Partial<Glimpse> = {}) => {
    if (video) seen.push({ at: performance.now(), ...glimpse(video), ...more })
  }
  const see: VideoFrameRequestCallback = (_, { mediaTime }) => {
    note({ frame: mediaTime })
    video!.requestVideoFrameCallback(see)
  }
  const find = () => {
    if (video) return
    video = document.querySelector('video') ?? undefined
    video?.requestVideoFrameCallback(see)
  }
  /** Of the engines hls.js alone is asked for its errors. */
  const hear = () => {
    const { truth } = window as { truth?: { player: { instance?: unknown } } }
    if (instance || !truth?.player.instance) return
    instance = truth.player.instance
    if (!location.pathname.endsWith('/hls.html')) return
    ;(instance as Hls).on('hlsError', (_, { type, fatal }) => {
      if (type === 'networkError')
        note({ engine: { error: { severity: fatal ? 'fatal' : 'warning', category: 'network' } } })
    })
  }
  const listen = (target: EventTarget, types: string) => {
    // Capturing, because media events do not bubble.
    for (const type of types.split(' '))
      target.addEventListener(
        type,
        (event) => {
          find()
          if (event.target instanceof HTMLElement && event.target !== video) return
          const { persisted } = event as PageTransitionEvent
          note({ event: type, ...(persisted && { persisted }) })
        },
        true,
      )
  }
  const look = () => {
    setTimeout(look, video ? EVERY_MS : 5)
    find()
    hear()
    note()
  }
  listen(document, `${ELEMENT_EVENTS} ${DOCUMENT_EVENTS}`)
  listen(window, WINDOW_EVENTS)
  look()
  Object.assign(window, { recorded: seen })
}
