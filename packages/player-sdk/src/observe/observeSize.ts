import type { Clock } from '../clock.ts'
import type { View } from '../createView.ts'
import { safely } from '../safely.ts'
import { listen } from './listen.ts'

/** Watches how large the player is, how large its picture, and whether it is heard. Answers how to stop. */
export const observeSize = (video: HTMLVideoElement, clock: Clock, view: () => View) => {
  let cancel: (() => void) | undefined
  let width = 0
  let height = 0

  const scale = () => {
    const { videoWidth, videoHeight } = video
    // Sizes in CSS pixels, as others compare them: what the device makes of a pixel is in player_change.
    const by = Math.min(width / videoWidth, height / videoHeight)
    view().playback.setScale(width && videoWidth ? by : undefined)
  }
  const say = () => {
    // A drag of the volume or of the window is many events; one a second tells as much.
    cancel ||= clock.setTimer(() => {
      cancel = undefined
      view().record({
        type: 'player_change',
        width_px: Math.round(video.clientWidth),
        height_px: Math.round(video.clientHeight),
        device_pixel_ratio: window.devicePixelRatio || undefined,
        fullscreen: !!document.fullscreenElement?.contains(video),
        pip: document.pictureInPictureElement === video,
        muted: video.muted,
        volume: video.volume,
      })
    }, 1000)
  }
  const observer =
    typeof ResizeObserver === 'undefined'
      ? undefined
      : new ResizeObserver(
          safely(([entry]) => {
            const first = !width
            ;({ width, height } = entry!.contentRect)
            scale()
            if (!first) say()
          }),
        )
  observer?.observe(video)
  const stopElement = listen(video, {
    resize: scale,
    volumechange: say,
    enterpictureinpicture: say,
    leavepictureinpicture: say,
  })
  const stopDocument = listen(document, { fullscreenchange: say })
  return {
    /** Another view begins on the same element. */
    again: scale,
    stop() {
      observer?.disconnect()
      stopElement()
      stopDocument()
      cancel?.()
    },
  }
}
