/** Engines that step over a hole land so near to its end, s. */
const GAP_S = 0.15

/** A seek by less than this is nobody's, ms. */
const NUDGE_MS = 300

/**
 * Whether a playhead that moved has been moved by no viewer and no page: the wrap of a `loop`; an engine that puts its media
 * in anew or gets a decoder going, steps over a hole of the media, or catches up with a live stream. `from`: the position
 * before, ms, read at most `ago` ms ago.
 */
export const isNobodysSeek = (
  video: HTMLVideoElement,
  from: number | null | undefined,
  ago: number,
  isLive: boolean,
  isGesture: boolean,
) => {
  const { buffered, currentTime, duration } = video
  if (from === null || from === undefined) return false
  const step = currentTime * 1000 - from
  if (step > -NUDGE_MS && step < ago + NUDGE_MS) return true
  if (video.loop && currentTime < 1 && from > (duration - 1) * 1000) return true
  if (isGesture || step < 0) return false
  if (isLive) return true
  for (let i = 0; i < buffered.length; i++) {
    const start = buffered.start(i)
    if (from < start * 1000 && Math.abs(currentTime - start) < GAP_S) return true
  }
  return false
}
