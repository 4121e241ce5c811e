import type { Clock } from '../clock.ts'
import type { View } from '../createView.ts'
import { safely } from '../safely.ts'
import { listen } from './listen.ts'
import { isVisible } from './observePage.ts'
import { onceMoving } from './onceMoving.ts'
import { bufferAhead } from './probeVideo.ts'

/** https://html.spec.whatwg.org/multipage/media.html#error-codes, from 1 on */
const MEDIA_ERRORS = [
  { category: 'other', code: 'MEDIA_ERR_ABORTED' },
  { category: 'network', code: 'MEDIA_ERR_NETWORK' },
  { category: 'decode', code: 'MEDIA_ERR_DECODE' },
  { category: 'source', code: 'MEDIA_ERR_SRC_NOT_SUPPORTED' },
] as const

/** HAVE_FUTURE_DATA: there is something to play beyond the current frame. */
const FUTURE_DATA = 3

/** The element has been given a source that it has not looked at yet, or none. */
const NETWORK_NO_SOURCE = 3

/** Playback has begun already: its start cannot be measured any more. */
export const isUnderWay = (video: HTMLVideoElement) =>
  !video.paused && !video.ended && video.currentTime > 0 && video.readyState >= FUTURE_DATA

/** How soon after media was taken out new media is asked for, if it is replaced, ms. */
const REPLACED_WITHIN_MS = 100

/** Turns what a bare `<video>` fires into signals for the current view's state machine. Answers how to stop. */
export const observeVideo = (
  video: HTMLVideoElement,
  clock: Clock,
  view: () => View,
  onSourceChange: () => void,
) => {
  // Before there is metadata, `currentSrc` may still be that of the source before.
  let source = video.readyState ? video.currentSrc : ''
  let rate = video.playbackRate
  let isEmptied = video.networkState === NETWORK_NO_SOURCE
  let cancelInterrupt = () => {}
  let cancelFrame = () => {}
  let cancelPlayerChange: (() => void) | undefined

  const asked = () => (navigator.userActivation?.isActive ? 'user' : 'api')
  const standing = () => ({ paused: video.paused, canPlay: video.readyState >= FUTURE_DATA })

  const sayPlayerChange = () => {
    // A drag of the volume or of the window is many events; one a second tells as much.
    cancelPlayerChange ??= clock.setTimer(() => {
      cancelPlayerChange = undefined
      view().record({
        type: 'player_change',
        width_px: Math.round(video.clientWidth),
        height_px: Math.round(video.clientHeight),
        fullscreen: !!document.fullscreenElement?.contains(video),
        pip: document.pictureInPictureElement === video,
        muted: video.muted,
        volume: video.volume,
      })
    }, 1000)
  }

  let sized: View | undefined
  const sayRendition = () => {
    const { videoWidth: width_px, videoHeight: height_px } = video
    if (!width_px) return
    view().playback.rendition({ width_px, height_px }, sized !== view())
    sized = view()
  }

  const request = () => {
    const { playback } = view()
    const initiator = asked()
    playback.play(video.autoplay && !playback.requested && initiator === 'api' ? 'autoplay' : initiator)
  }

  /** Brings a view up to where the element stands already. */
  const catchUp = () => {
    if (isEmptied || video.paused) return
    if (isUnderWay(video)) view().playback.joinLate()
    else request()
  }

  /** The media was taken out and none came in its place, or the same came again. */
  const interrupt = () => view().playback.pause('interrupted')

  const refresh = () => {
    if (isEmptied) return
    source = video.currentSrc
    view().describe()
  }

  const stopElement = listen(video, {
    // Chromium: `src = …; play()` fires emptied, play, waiting, loadstart; only at loadstart is the new source known.
    emptied: () => {
      isEmptied = true
      cancelFrame()
      cancelInterrupt()
      cancelInterrupt = clock.setTimer(interrupt, REPLACED_WITHIN_MS)
    },
    loadstart: () => {
      cancelInterrupt()
      // A blob: URL is new with each attachment of a media source, not with each content.
      const changed = source !== '' && video.currentSrc !== source && !video.currentSrc.startsWith('blob:')
      source = video.currentSrc
      const wasEmptied = isEmptied
      isEmptied = false
      if (changed) onSourceChange()
      else if (wasEmptied) interrupt()
      refresh()
      if (wasEmptied) catchUp()
    },
    loadedmetadata: refresh,
    durationchange: refresh,
    resize: sayRendition,
    play: () => {
      if (!isEmptied) request()
    },
    playing: () => {
      if (isEmptied) return
      const { playback } = view()
      playback.playing()
      cancelFrame()
      if (playback.state !== 'starting') return
      cancelFrame = onceMoving(video, () => {
        view().playback.firstFrame(isVisible())
        // A view that begins on an element that has its size already hears of no `resize`.
        if (sized !== view()) sayRendition()
      })
    },
    waiting: () => {
      if (!video.seeking && !isEmptied) view().playback.waiting(bufferAhead(video))
    },
    pause: () => {
      if (!video.ended && !isEmptied) view().playback.pause(asked())
    },
    seeking: () => view().playback.seeking(asked()),
    seeked: () => {
      if (!video.seeking) view().playback.seeked(standing())
    },
    ended: () => view().playback.ended(),
    error: () => {
      // An empty `src` is how pages take a video down, not a failure.
      if (video.error && video.getAttribute('src') !== '')
        view().playback.fail(MEDIA_ERRORS[video.error.code - 1]!)
    },
    timeupdate: () => view().sample(),
    ratechange: () => {
      if (video.playbackRate === rate) return
      view().record({ type: 'rate_change', rate: video.playbackRate, from_rate: rate })
      rate = video.playbackRate
    },
    volumechange: sayPlayerChange,
    enterpictureinpicture: sayPlayerChange,
    leavepictureinpicture: sayPlayerChange,
  })
  const stopDocument = listen(document, { fullscreenchange: sayPlayerChange })

  // After the calls that are being made up for, because what the element shows is of now.
  const look = safely(() => {
    sayRendition()
    catchUp()
  })
  void Promise.resolve().then(look)

  return {
    catchUp,
    stop() {
      stopElement()
      stopDocument()
      cancelFrame()
      cancelInterrupt()
      cancelPlayerChange?.()
    },
  }
}
