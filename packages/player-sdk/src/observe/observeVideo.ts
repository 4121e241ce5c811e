import { bufferedTo } from '../bufferAhead.ts'
import type { Clock } from '../clock.ts'
import type { View } from '../createView.ts'
import { safely } from '../safely.ts'
import { isNobodysSeek } from './isNobodysSeek.ts'
import { listen } from './listen.ts'
import { isVisible } from './observePage.ts'
import { onceMoving } from './onceMoving.ts'
import { FUTURE_DATA } from './probeVideo.ts'

/** https://html.spec.whatwg.org/multipage/media.html#error-codes, from 1 on */
const MEDIA_ERRORS = [
  { category: 'other', code: 'MEDIA_ERR_ABORTED' },
  { category: 'network', code: 'MEDIA_ERR_NETWORK' },
  { category: 'decode', code: 'MEDIA_ERR_DECODE' },
  { category: 'source', code: 'MEDIA_ERR_SRC_NOT_SUPPORTED' },
] as const

/** The element has been given a source that it has not looked at yet, or none. */
const NETWORK_NO_SOURCE = 3

/** Playback has begun already: its start cannot be measured any more. */
export const isUnderWay = (video: HTMLVideoElement) =>
  !video.paused && !video.ended && video.currentTime > 0 && video.readyState >= FUTURE_DATA

/** How soon after media was taken out new media is asked for, if it is replaced, ms. */
const REPLACED_WITHIN_MS = 100

/** How often the picture is looked at while it should move, ms. */
const LOOK_MS = 250

/** How long the content may take to come back after a break, ms: what happens to the element until then is no doing of the viewer. */
const RETURN_MS = 5000

/** Near its end a playhead that stands may be at the end, and one track may be shorter than the other, s. */
const END_S = 0.3
const SHORT_TRACK_S = 2

/** Turns what a `<video>` fires and shows into signals for the current view's state machine. Answers how to stop. */
export const observeVideo = (
  video: HTMLVideoElement,
  clock: Clock,
  on: {
    view: () => View
    /** What the element does is not what the viewer sees: something else shows ads. */
    isOutside: () => boolean
    /** The stream has no end yet, whatever the element takes for its duration. */
    isLive: () => boolean
    /** The engine is moving the playhead by itself. */
    isJump: () => boolean
    /** The view came after another one of the same player. */
    follows: () => boolean
    sourceChange: () => void
    /** The element shows what the view is of. */
    fresh: () => void
    /** The picture has this size, in a view that heard of none or of another. */
    resize: (width_px: number, height_px: number) => void
  },
) => {
  const { view } = on
  // Before there is metadata, `currentSrc` may still be that of the source before.
  let source = video.readyState ? video.currentSrc : ''
  let rate = video.playbackRate
  let isEmptied = video.networkState === NETWORK_NO_SOURCE
  let cancelInterrupt = () => {}
  let cancelMoving: (() => void) | undefined
  let cancelBlocked = () => {}
  /** Where the playhead was when media was taken out that comes again, ms. */
  let takenOutAt: number | null | undefined
  /** Ends the time in which the content may come back after a break. */
  let cancelReturn: (() => void) | undefined
  let cancelLook: (() => void) | undefined

  const asked = () => (navigator.userActivation?.isActive ? 'user' : 'api')
  const secondsLeft = () => (on.isLive() ? Number.POSITIVE_INFINITY : video.duration - video.currentTime)

  /** Waits for the picture to move. */
  const watch = () => {
    cancelMoving ||= onceMoving(video, (ago) => {
      cancelMoving = undefined
      if (on.isOutside()) return
      returned()
      view().move(ago)
      sayRendition()
    })
  }
  const look = () => {
    cancelLook = undefined
    if (video.paused || video.ended || isEmptied) return
    cancelLook = clock.setTimer(look, LOOK_MS)
    if (video.seeking || on.isOutside()) return
    // A hidden page's picture nobody sees, and its timers are late: only what the element says of it counts.
    const hidden = !isVisible()
    if (hidden) return void view().playback.follow()
    // Of a file the browser only guesses, from bytes, how far it has come.
    const end = /^http/.test(video.currentSrc) ? undefined : bufferedTo(video)
    const stands = view().look({
      atEnd: secondsLeft() < END_S,
      position: video.currentTime * 1000,
      rate: video.playbackRate || 1,
      bufferedTo: end && end * 1000,
      frames:
        secondsLeft() < SHORT_TRACK_S
          ? undefined
          : video.getVideoPlaybackQuality?.().totalVideoFrames || undefined,
    })
    if (stands) watch()
  }
  const unwatch = () => {
    cancelMoving?.()
    cancelMoving = undefined
  }
  const begin = () => {
    cancelLook ||= clock.setTimer(look, LOOK_MS)
  }

  const returned = () => {
    cancelReturn?.()
    cancelReturn = undefined
  }
  /** What happens to the element is the doing of ads: their source takes the place of the content's, and that comes back. */
  const isAds = () => !!cancelReturn || view().playback.inBreak

  /** Nothing moves until the next ad does, or the content. */
  const yieldScreen = () => {
    const { playback } = view()
    if (playback.state !== 'paused' && playback.state !== 'ended') playback.put('starting')
  }

  const sayRendition = () => {
    const { videoWidth, videoHeight } = video
    if (videoWidth && view().playback.started && !view().playback.inBreak) on.resize(videoWidth, videoHeight)
  }

  /** `ago`: how long ago it was asked for, ms. */
  const request = (ago = 0) => {
    begin()
    watch()
    const { playback } = view()
    if (playback.requested && isAds() && playback.state !== 'paused') return
    const initiator = asked()
    const byItself = initiator === 'api' && !playback.requested
    if (byItself && on.follows()) playback.play('playlist', ago)
    else playback.play(byItself && video.autoplay ? 'autoplay' : initiator, ago)
  }

  /** Brings a view up to where the element stands already. */
  const catchUp = () => {
    const { playback } = view()
    on.fresh()
    if (isEmptied || on.isOutside() || video.paused) return
    begin()
    if (isUnderWay(video) && !playback.requested) playback.joinLate()
    else request()
  }

  /** The media was taken out and none came in its place, or the same came again. */
  const interrupt = () => view().pause('interrupted')

  const refresh = () => {
    if (isEmptied || isAds()) return
    source = video.currentSrc
    view().describe()
  }

  const blocked = () => {
    const { playback } = view()
    if (!video.paused || playback.requested) return
    playback.play('autoplay')
    playback.pause('autoplay_blocked')
  }

  const isNobodys = () => {
    const from = takenOutAt ?? view().position()
    takenOutAt = undefined
    return isNobodysSeek(video, from, LOOK_MS, on.isLive(), asked() === 'user') || on.isJump() || isAds()
  }

  /**
   * Listens only while the element shows what the viewer sees, and while it has media. `ago`: Chromium stamps events as they
   * come about, and a busy page hears of them later.
   */
  const unless = (isDeaf: () => boolean, handler: (ago: number) => void) => (event?: Event) => {
    if (!isDeaf()) handler(event ? Math.max(0, performance.now() - event.timeStamp) : 0)
  }
  const isDeaf = () => isEmptied || on.isOutside()

  const stopElement = listen(video, {
    // Chromium: `src = …; play()` fires emptied, play, waiting, loadstart; only at loadstart is the new source known.
    emptied: () => {
      isEmptied = true
      takenOutAt ??= view().position()
      view().leave()
      unwatch()
      if (isAds()) yieldScreen()
      cancelInterrupt()
      cancelInterrupt = clock.setTimer(unless(isAds, interrupt), REPLACED_WITHIN_MS)
    },
    loadstart: () => {
      cancelInterrupt()
      // A blob: URL is new with each attachment of a media source, not with each content.
      const changed = source !== '' && video.currentSrc !== source && !video.currentSrc.startsWith('blob:')
      const wasEmptied = isEmptied
      isEmptied = false
      if (view().playback.inBreak || (cancelReturn && !changed)) return
      returned()
      source = video.currentSrc
      if (changed) takenOutAt = undefined
      if (changed) on.sourceChange()
      else if (wasEmptied) interrupt()
      refresh()
      if (wasEmptied) catchUp()
    },
    loadedmetadata: refresh,
    durationchange: refresh,
    canplaythrough: () => {
      cancelBlocked()
      if (video.autoplay) cancelBlocked = clock.setTimer(unless(isDeaf, blocked), 0)
    },
    resize: sayRendition,
    play: unless(isDeaf, request),
    playing: unless(isDeaf, () => {
      begin()
      watch()
    }),
    waiting: unless(isDeaf, (ago) => {
      if (video.seeking) return
      begin()
      view().wait(secondsLeft() < END_S, ago)
      watch()
    }),
    pause: unless(isDeaf, () => {
      if (!video.ended) view().pause(asked())
    }),
    seeking: unless(on.isOutside, () => {
      unwatch()
      view().leave(isNobodys() ? undefined : asked())
      if (!video.paused) watch()
    }),
    seeked: unless(on.isOutside, () => {
      if (video.seeking) return
      if (video.paused) view().playback.rest()
      else watch()
    }),
    ended: unless(isAds, () => view().end()),
    error: () => {
      // An empty `src` is how pages take a video down, not a failure.
      if (video.error && video.getAttribute('src') !== '')
        view().playback.fail(
          Object.assign({ severity: 'fatal' } as const, MEDIA_ERRORS[video.error.code - 1]!),
        )
    },
    ratechange: () => {
      if (video.playbackRate === rate) return
      view().record({ type: 'rate_change', rate: video.playbackRate, from_rate: rate })
      rate = video.playbackRate
    },
  })

  // After the calls that are being made up for, because what the element shows is of now.
  const lookFirst = safely(() => {
    catchUp()
    sayRendition()
  })
  void Promise.resolve().then(lookFirst)

  return {
    catchUp,
    request,
    blocked,
    /** The content comes back after a break. */
    afterBreak() {
      const { playback } = view()
      if (playback.state === 'ended') return
      cancelReturn = clock.setTimer(() => {
        cancelReturn = undefined
        if (video.paused && playback.state === 'starting') playback.put('paused')
        refresh()
      }, RETURN_MS)
      if (video.ended || video.readyState < FUTURE_DATA) yieldScreen()
      begin()
      watch()
    },
    stop() {
      // What comes later finds nothing to catch up with.
      isEmptied = true
      returned()
      stopElement()
      unwatch()
      cancelInterrupt()
      cancelBlocked()
      cancelLook?.()
    },
  }
}
