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

  const moveTo = (next: number | null, now: number) => {
    const step = (next as number) - (position as number)
    // Backwards is a loop. From or to nowhere is no step.
    if (next !== null && position !== null && step > 0 && step <= (now - at) * rate() + SLACK_MS)
      rendered += step
    position = next
    at = now
    furthest = Math.max(furthest, next as number)
    return next
  }
  return {
    /** Reads the element; answers the position in ms. */
    sample: (now: number) => moveTo(read(), now),
    /**
     * A seek begins: the element already stands at the new position, so the old one is what was last read, moved on by
     * the time since if it was moving. Answers it.
     */
    leave(now: number, moving: boolean) {
      if (moving && position !== null) moveTo(Math.round(position + (now - at) * rate()), now)
      const left = position
      position = null
      return left
    },
    /** Media rendered and furthest position, ms; absent while there is none. */
    read: () => ({
      content_ms: Math.round(rendered) || undefined,
      max_playhead_ms: Math.round(furthest) || undefined,
    }),
  }
}
