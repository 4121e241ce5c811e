import { between } from './between.ts'
import type { Random } from './createRandom.ts'
import { type Incidents, type Kind, type Scenario, USUAL } from './scenario.ts'
import { writeWatch } from './writeWatch.ts'

/** How many of a hundred views are of a kind. */
const SHARES: Record<Kind, number> = {
  /** Leaves before anything moved. */
  abandon: 6,
  /** Ends with an error, before or after the first frame. */
  fail: 3,
  /** Leaves within the first minute. */
  glance: 21,
  watch: 45,
  /** A poor network: a stall a minute, switches, errors that the player gets over. */
  stall: 10,
  /** Looks for something. */
  seek: 8,
  /** Watches twice as long as others, to the end. */
  finish: 7,
}

const MINUTE_MS = 60_000

const pickKind = (random: Random) => {
  const entries = Object.entries(SHARES) as [Kind, number][]
  let rest = random() * entries.reduce((sum, [, share]) => sum + share, 0)
  for (const [kind, share] of entries) {
    if (rest < share) return kind
    rest -= share
  }
  return 'watch'
}

/** A view as some viewer has it; `minutes`: how long those watch who watch, on average. */
export const writeScenario = (random: Random, minutes: number): Scenario => {
  const kind = pickKind(random)
  const usual = minutes * MINUTE_MS
  const length = Math.max(5000, between(random, 0.4 * usual, 1.6 * usual))
  const watch = (leaves_at: number, incidents: Partial<Incidents> = {}) =>
    writeWatch(random, { leaves_at, incidents: { ...USUAL, ...incidents }, kind })

  if (kind === 'abandon') {
    const play = between(random, 100, 2000)
    return {
      kind,
      duration_ms: usual,
      steps: [{ at: play, does: 'play' }],
      leaves_at: play + between(random, 500, 12_000),
    }
  }
  if (kind === 'fail') {
    const [play] = watch(length).steps
    const atStart = random() < 0.5
    const at = play!.at + between(random, 500, atStart ? 8000 : length)
    const { duration_ms, steps } = atStart ? { duration_ms: usual, steps: [play!] } : watch(at)
    return {
      kind,
      duration_ms,
      steps: [...steps, { at, does: 'fail' }],
      leaves_at: at + between(random, 1000, 20_000),
    }
  }
  if (kind === 'finish') {
    const { steps, leaves_at } = watch(Math.min(2 * usual, 2 * length))
    return {
      kind,
      duration_ms: leaves_at,
      steps: [...steps, { at: leaves_at, does: 'end' }],
      leaves_at: leaves_at + between(random, 500, 5000),
    }
  }
  if (kind === 'glance') return watch(Math.min(length, between(random, 5000, 50_000)))
  if (kind === 'stall') return watch(length, { stall: 60, switch: 90, warn: 30 })
  if (kind === 'seek') return watch(length, { seek: 90, pause: 10 })
  return watch(length)
}
