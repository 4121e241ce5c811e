import { safely } from '../safely.ts'
import { listen } from './listen.ts'
import { isVisible } from './observePage.ts'
import { FUTURE_DATA } from './probeVideo.ts'

/** Frames that come within this of each other are of one moving picture; what comes less often is a show of slides, ms. */
const RUN_MS = 250
const SLIDE_MS = 400

/** How far behind the playhead, and ahead of it, a frame may be that is what is played, s. */
const BEHIND_S = 1
const AHEAD_S = 0.25

/**
 * Calls back once, when the picture moves, with how long ago that began, ms. `playing` comes too early: it says that
 * there is data, not that a picture is shown. A frame alone may be the first of a picture that stands, or the last that was
 * left: two make it move. Frame callbacks do not come in hidden pages or for sound alone, so the playhead counts too.
 */
export const onceMoving = (video: HTMLVideoElement, run: (ago: number) => void) => {
  const from = video.currentTime
  /** The last frame: when, by `performance.now()`, and its place, s. */
  let last = 0
  let lastTime = 0
  /** Since when playback could go on, as far as anybody looked. */
  let readyAt = 0
  let handle = 0

  const canMove = () => video.readyState >= FUTURE_DATA && !video.seeking
  const stop = () => {
    stopListening()
    if (handle) video.cancelVideoFrameCallback(handle)
  }
  const done = (since: number) => {
    stop()
    run(Math.max(0, performance.now() - since))
  }
  const seeFrame = safely((now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
    watch()
    // A frame of where the playhead was before a seek may still come, and the first of what is next be painted early.
    const ahead = mediaTime - video.currentTime
    if (ahead > AHEAD_S || ahead < -BEHIND_S) return
    const step = ((mediaTime - lastTime) * 1000) / (video.playbackRate || 1)
    const moves = canMove() && now <= last + RUN_MS && step > 0
    const since = Math.max(last, now - step)
    last = now
    lastTime = mediaTime
    if (moves) done(since)
  })
  const watch = () => {
    handle = video.requestVideoFrameCallback?.(seeFrame) || 0
  }
  const stopListening = listen(video, {
    waiting: () => {
      last = readyAt = 0
    },
    timeupdate: () => {
      const now = performance.now()
      if (!canMove() || video.currentTime <= from) return
      readyAt ||= now
      const went = ((video.currentTime - from) * 1000) / (video.playbackRate || 1)
      if (!handle || !video.videoWidth || !isVisible()) done(now - went)
      else if (last && now > Math.max(last, readyAt) + SLIDE_MS) done(last)
    },
  })
  watch()
  return stop
}
