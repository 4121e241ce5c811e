/**
 * Follows the position in the media. A `seeking` event comes when the element already stands at the new position, so
 * the old one is what was last read, moved on by the time since. Adds up the media time rendered on the way.
 */
export const createPlayhead = (read: () => number | null, rate: () => number) => {
  let position: number | null = null
  let at = 0
  let moving = false
  let rendered = 0
  let furthest = 0

  const moveTo = (next: number | null, now: number) => {
    const step = next !== null && position !== null ? next - position : 0
    // Backwards is a loop; more than the time allows is a seek not announced yet. Neither was rendered.
    if (moving && step > 0 && step <= (now - at) * rate() + 1000) rendered += step
    position = next
    at = now
    if (next !== null && next > furthest) furthest = next
  }
  return {
    /** Reads the element; answers the position in ms. */
    sample(now: number) {
      moveTo(read(), now)
      return position
    },
    /** Where the playhead must have been just before a seek took it away, ms. */
    leave(now: number) {
      if (moving && position !== null) moveTo(Math.round(position + (now - at) * rate()), now)
      const left = position
      position = null
      return left
    },
    /** Whether the picture moves from now on. */
    setMoving(isMoving: boolean, now: number) {
      if (position !== null) moveTo(read(), now)
      moving = isMoving
    },
    /** Media rendered and furthest position, ms. */
    read: () => ({ content_ms: Math.round(rendered), max_playhead_ms: Math.round(furthest) }),
  }
}
