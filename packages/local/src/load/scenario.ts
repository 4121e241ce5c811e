/** A kind of view. */
export type Kind = 'abandon' | 'fail' | 'glance' | 'watch' | 'stall' | 'seek' | 'finish'

/** What happens to a player, and when, ms since the viewer met it. */
export type Step = { at: number } & (
  | { does: 'play' | 'move' | 'stall' | 'pause' | 'resize' | 'hide' | 'show' | 'warn' | 'fail' | 'end' }
  | { does: 'seek'; to_ms: number }
  | { does: 'switch'; to: number; initial: boolean }
)

/** One viewer's view, from the page's opening to the viewer's leaving. */
export interface Scenario {
  kind: Kind
  /** How long the content is, ms. */
  duration_ms: number
  /** In the order of time. */
  steps: Step[]
  /** When the viewer leaves, ms. */
  leaves_at: number
}

/** What happens in an hour of watching, times. */
export type Incidents = Record<'seek' | 'pause' | 'stall' | 'switch' | 'resize' | 'hide' | 'warn', number>

/** Renditions to choose from: the player begins with the first one. */
export const RENDITIONS = [
  { bitrate_bps: 1_400_000, avg_bitrate_bps: 1_100_000, width_px: 640, height_px: 360 },
  { bitrate_bps: 3_200_000, avg_bitrate_bps: 2_600_000, width_px: 1280, height_px: 720 },
  { bitrate_bps: 6_100_000, avg_bitrate_bps: 5_200_000, width_px: 1920, height_px: 1080 },
]

/** What an unremarkable hour has. Our own reckoning, nobody's measurement: say so where figures follow from it. */
export const USUAL: Incidents = { seek: 4, pause: 3, stall: 2, switch: 12, resize: 4, hide: 3, warn: 1 }
