import { safely } from '../safely.ts'
import { listen } from './listen.ts'
import { isVisible } from './observePage.ts'

/**
 * Calls back once, when a frame is on screen and the playhead moves. `playing` alone comes too early: it says that
 * there is data, not that a picture is shown. Frame callbacks do not come in hidden pages or for sound alone, so the playhead counts too.
 */
export const onceMoving = (video: HTMLVideoElement, run: () => void) => {
  const from = video.currentTime
  let frame = 0
  const stop = () => {
    stopListening()
    if (frame) video.cancelVideoFrameCallback(frame)
  }
  const done = safely(() => {
    stop()
    run()
  })
  const stopListening = listen(video, {
    timeupdate: () => {
      const seesFrames = frame && video.videoWidth && isVisible()
      if (video.currentTime > from && !seesFrames) done()
    },
  })
  frame = video.requestVideoFrameCallback?.(done) ?? 0
  return stop
}
