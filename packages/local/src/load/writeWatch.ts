import { between } from './between.ts'
import type { Random } from './createRandom.ts'
import { type Incidents, type Kind, RENDITIONS, type Scenario, type Step } from './scenario.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** When things happen that come by chance, so many an hour, ms. */
const moments = (random: Random, anHour: number, from: number, to: number) => {
  const found: number[] = []
  for (let at = from; anHour > 0; ) {
    at += -Math.log(1 - random()) * (HOUR_MS / anHour)
    if (at >= to) break
    found.push(Math.round(at))
  }
  return found
}

/** A view that starts and is watched until `leaves_at`; incidents come one after another, never within one another. */
export const writeWatch = (
  random: Random,
  { leaves_at, incidents, kind = 'watch' }: { leaves_at: number; incidents: Incidents; kind?: Kind },
): Scenario => {
  const duration_ms = Math.max(leaves_at, between(random, 5, 90) * MINUTE_MS)
  const play = between(random, 100, 2000)
  const starts = play + between(random, 250, 2500)
  const steps: Step[] = [
    { at: play, does: 'play' },
    { at: starts, does: 'move' },
    { at: starts, does: 'switch', to: 0, initial: true },
  ]
  const all = (Object.keys(incidents) as (keyof Incidents)[])
    .flatMap((name) => moments(random, incidents[name], starts + 3000, leaves_at).map((at) => ({ at, name })))
    .sort((one, other) => one.at - other.at)
  let rendition = 0
  let free = starts
  for (const { at, name } of all) {
    if (at < free) continue
    const takes = { seek: [150, 1500], pause: [2000, 90_000], stall: [400, 6000], hide: [4000, 120_000] }
    const [least, most] = takes[name as keyof typeof takes] ?? [0, 0]
    free = Math.min(at + between(random, least!, most!), leaves_at)
    if (name === 'switch') {
      rendition = (rendition + between(random, 1, RENDITIONS.length - 1)) % RENDITIONS.length
      steps.push({ at, does: 'switch', to: rendition, initial: false })
    } else if (name === 'seek') {
      steps.push({ at, does: 'seek', to_ms: between(random, 0, duration_ms) }, { at: free, does: 'move' })
    } else if (name === 'pause') {
      const moves = Math.min(free + 80, leaves_at)
      steps.push({ at, does: 'pause' }, { at: free, does: 'play' }, { at: moves, does: 'move' })
      free = moves
    } else if (name === 'stall') steps.push({ at, does: 'stall' }, { at: free, does: 'move' })
    else if (name === 'hide') steps.push({ at, does: 'hide' }, { at: free, does: 'show' })
    else steps.push({ at, does: name })
    // Two things of one moment would be one thing.
    free += 500
  }
  return { kind, duration_ms, steps: steps.filter((step) => step.at <= leaves_at), leaves_at }
}
