import type { Clock } from '../clock.ts'
import type { View } from '../view/createView.ts'
import { listen } from './listen.ts'
import { onceMoving } from './onceMoving.ts'

const MEDIA_ERRORS = {
  1: { category: 'other', code: 'MEDIA_ERR_ABORTED' },
  2: { category: 'network', code: 'MEDIA_ERR_NETWORK' },
  3: { category: 'decode', code: 'MEDIA_ERR_DECODE' },
  4: { category: 'source', code: 'MEDIA_ERR_SRC_NOT_SUPPORTED' },
} as const

/** HAVE_FUTURE_DATA: there is something to play beyond the current frame. */
const FUTURE_DATA = 3

/** Playback has begun already: its start cannot be measured any more. */
export const isUnderWay = (video: HTMLVideoElement) =>
  !video.paused && !video.ended && video.currentTime > 0 && video.readyState >= FUTURE_DATA

const hasUserActivation = () => navigator.userActivation?.isActive ?? false

/** Turns what a bare `<video>` fires into signals for the current view's state machine. Answers how to stop. */
export const observeVideo = (
  video: HTMLVideoElement,
  clock: Clock,
  view: () => View,
  onSourceChange: () => void,
) => {
  let source = video.currentSrc
  let rate = video.playbackRate
  let cancelFrame = () => {}
  let cancelPlayerChange: (() => void) | undefined

  const asked = () => (hasUserActivation() ? 'user' : 'api')
  const standing = () => ({ paused: video.paused, canPlay: video.readyState >= FUTURE_DATA })

  const sayPlayerChange = () => {
    // A drag of the volume or of the window is many events; one a second tells as much.
    cancelPlayerChange ??= clock.setTimer(() => {
      cancelPlayerChange = undefined
      view().record({
        type: 'player_change',
        width_px: Math.round(video.clientWidth),
        height_px: Math.round(video.clientHeight),
        fullscreen: document.fullscreenElement?.contains(video) ?? false,
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

  const stopElement = listen(video, {
    loadstart: () => {
      // A blob: URL is new with each attachment of a media source, not with each content.
      const changed = source !== '' && video.currentSrc !== source && !video.currentSrc.startsWith('blob:')
      source = video.currentSrc
      if (changed) onSourceChange()
    },
    resize: sayRendition,
    play: () => {
      const { playback } = view()
      playback.play(video.autoplay && !playback.requested && asked() === 'api' ? 'autoplay' : asked())
    },
    playing: () => {
      const { playback } = view()
      playback.playing()
      cancelFrame()
      if (playback.state !== 'starting') return
      cancelFrame = onceMoving(video, () => {
        view().playback.firstFrame(document.visibilityState === 'visible')
        // A view that begins on an element that has its size already hears of no `resize`.
        if (sized !== view()) sayRendition()
      })
    },
    waiting: () => {
      if (!video.seeking) view().playback.waiting(0)
    },
    pause: () => {
      if (!video.ended) view().playback.pause(asked())
    },
    seeking: () => view().playback.seeking(asked()),
    seeked: () => {
      if (!video.seeking) view().playback.seeked(standing())
    },
    ended: () => view().playback.ended(),
    error: () => {
      if (video.error) view().playback.fail(MEDIA_ERRORS[video.error.code as 1 | 2 | 3 | 4])
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

  sayRendition()
  if (isUnderWay(video)) view().playback.joinLate()
  else if (!video.paused) view().playback.play(video.autoplay ? 'autoplay' : asked())

  return () => {
    stopElement()
    stopDocument()
    cancelFrame()
    cancelPlayerChange?.()
  }
}
