import type { Clock } from '../../../player-sdk/src/clock.ts'

const FRAMES_PER_MS = 0.025

/** A player that moves when it is told to, for the SDK to read. */
export const createPlayer = (clock: Clock) => {
  let from = 0
  let since = 0
  let moving = false
  let moved = 0
  const passed = () => (moving ? clock.now() - since : 0)
  const settle = () => {
    from += passed()
    moved += passed()
    since = clock.now()
  }
  return {
    move() {
      settle()
      moving = true
    },
    halt() {
      settle()
      moving = false
    },
    seek(to_ms: number) {
      this.halt()
      from = to_ms
    },
    get moving() {
      return moving
    },
    /** Position, whole ms. */
    position: () => Math.round(from + passed()),
    /** Media played, ms. */
    played: () => Math.round(moved + passed()),
    frames: () => ({
      frames_total: Math.floor((moved + passed()) * FRAMES_PER_MS),
      frames_dropped: Math.floor((moved + passed()) * FRAMES_PER_MS * 0.002),
    }),
  }
}
