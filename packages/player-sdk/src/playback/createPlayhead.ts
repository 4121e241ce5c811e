/** How much further than the clock the playhead may have gone between two readings and still have been playing, ms. */
const SLACK_MS = 500

/**
 * Follows the position in the media and adds up what was rendered: every step forward that the time allows. A seek has
 * to be announced by `leave`, before the position is read again.
 */
export const createPlayhead = (read: () => number | null, rate: () => number) => {
  let position: number | null = null
  let at = 0
  let rendered = 0
  let furthest = 0
  /** Declared bitrate of what is rendered, and what was rendered at a known one. */
  let bitrate: number | undefined
  let bitrate_ms = 0
  let bitrate_sum = 0
  /** An ad is where the content was: the content stands. */
  let held = false
  /** What has been told: it never becomes less. */
  let told = 0

  const render = (step: number) => {
    rendered += step
    if (!bitrate) return
    bitrate_ms += step
    bitrate_sum += step * bitrate
  }
  const moveTo = (next: number | null, now: number, isShown: boolean) => {
    const step = (next as number) - (position as number)
    // Backwards is a loop. From or to nowhere is no step.
    if (next !== null && position !== null && step > 0 && step <= (now - at) * rate() + SLACK_MS && isShown)
      render(step)
    position = next
    at = now
    furthest = Math.max(furthest, next as number)
    return next
  }
  return {
    /** Reads the element; answers the position in ms. `isShown`: what it went over since was content on screen. */
    sample: (now: number, isShown = false) => (held ? position : moveTo(read(), now, isShown)),
    /** The content gives way to ads, or comes back, wherever the element stands then. */
    hold(isHeld: boolean) {
      if (held && !isHeld) position = null
      held = isHeld
    },
    rate,
    /** The position as it was last read. */
    at: () => position,
    /**
     * A seek begins: the element already stands at the new position, so the old one is what was last read, moved on by
     * the time since if it was moving. Answers it.
     */
    leave(now: number, moving: boolean) {
      if (held) return position
      if (moving && position !== null) moveTo(Math.round(position + (now - at) * rate()), now, true)
      const left = position
      position = null
      return left
    },
    /** It had been on screen for `ms` before anybody noticed. */
    credit: (ms: number) => render(Math.max(0, ms) * rate()),
    /** The picture has stood at `from` while the clock ran on: what the clock went over was not rendered. */
    retract(from = position) {
      const beyond = (position as number) - (from as number)
      if (beyond > 0) render(-Math.min(beyond, rendered - told))
    },
    /** What is rendered from now on has this bitrate; none: it is unknown. */
    setBitrate(bps: number | undefined) {
      bitrate = bps
    },
    /** Media rendered, furthest position, and what is known of the bitrate; absent while there is none. */
    read() {
      told = rendered
      return {
        content_ms: Math.round(rendered) || undefined,
        max_playhead_ms: Math.round(furthest) || undefined,
        bitrate_ms: Math.round(bitrate_ms) || undefined,
        bitrate_sum: Math.round(bitrate_sum) || undefined,
      }
    },
  }
}
