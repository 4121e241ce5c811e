/** What an element counts of its frames. */
export interface Frames {
  frames_total: number
  frames_dropped: number
}

/**
 * Counts a view's own frames: the element's counters go on from view to view, and start anew with a new source, which
 * a decrease gives away. https://w3c.github.io/media-playback-quality/
 */
export const createFrameCount = (read: () => Frames | undefined) => {
  let seen = read()
  const own: Frames = { frames_total: 0, frames_dropped: 0 }
  /** `isSeen`: somebody could see the frames since the last call; browsers drop what nobody sees. */
  return (isSeen = true): Frames | undefined => {
    const now = read()
    if (!now) return
    const isReset = !seen || now.frames_total < seen.frames_total || now.frames_dropped < seen.frames_dropped
    if (isSeen)
      for (const key of Object.keys(own) as (keyof Frames)[])
        own[key] += now[key] - (isReset ? 0 : seen![key])
    seen = now
    return own
  }
}
