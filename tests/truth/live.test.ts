import { checkOrder, type EventOf } from '@viewbeat/schema'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { judge } from './judge.ts'
import { openTheatre, type Theatre } from './openTheatre.ts'
import type { PlayerName } from './players.ts'
import type { ScenarioName } from './scenarios/index.ts'
import { STREAM } from './stream.ts'

const ENGINES: PlayerName[] = ['hls', 'dash', 'shaka', 'videojs']

/** VHS tells neither the live latency nor the distance from the edge. */
const LATENT: PlayerName[] = ['hls', 'dash', 'shaka']

const FACTS: [ScenarioName, PlayerName[], string][] = [
  ['startup', ENGINES, 'times the start of a live stream until the picture moves'],
  ['stall', ENGINES, 'times a stall of a live stream'],
  ['freeze', ENGINES, 'times a live picture that stands still while the sound may go on'],
  ['edge', LATENT, 'takes an engine that jumps to the live edge after a stall for no viewer who seeks'],
]

/** How much more or less the latency may grow than the stall lasted, ms. */
const LATENCY_MS = 300

const WINDOW_MS = STREAM.window * STREAM.segment_ms

let theatre: Theatre

beforeAll(async () => {
  theatre = await openTheatre()
})
afterAll(() => theatre?.close())
// A machine that stutters fails a scene now and then: it is played once more, and what is wrong is wrong again.
afterEach(({ task }) => {
  if (task.result?.state === 'fail') theatre.forget()
})

describe.concurrent('the SDK', () => {
  for (const [scenario, players, fact] of FACTS)
    it.each(players)(`${fact}: ${scenario} with %s`, async (player) => {
      const { views, complaints } = await theatre.play(player, scenario, true)
      expect(views.flatMap(({ truth, claims }) => judge(truth, claims))).toEqual([])
      expect(views.flatMap(({ events }) => checkOrder(events))).toEqual([])
      expect({ views: views.length, complaints }).toEqual({ views: 1, complaints: [] })
    })

  it.each(LATENT)(
    'tells how far behind live the viewer is, and that a stall adds to it: %s',
    async (player) => {
      const { events, truth } = await theatre.play(player, 'stall', true)
      const told = events
        .filter(
          (event): event is EventOf<'heartbeat'> & (typeof events)[number] => event.type === 'heartbeat',
        )
        .filter(({ state, live }) => state === 'playing' && live?.latency_ms !== undefined)
        .map(({ live }) => live!)
      const [before, after] = [told[0]!, told.at(-1)!]
      const stalled = truth.stalls.reduce((sum, { begin, end }) => sum + end - begin, 0)
      expect(Math.abs(after.latency_ms! - before.latency_ms! - stalled)).toBeLessThan(LATENCY_MS)
      // Nobody is nearer than the segment that is being made, nor further than the window and that segment.
      for (const { latency_ms = 0, edge_distance_ms = Number.NaN } of told) {
        expect(latency_ms).toBeGreaterThan(0)
        expect(latency_ms).toBeLessThan(WINDOW_MS + STREAM.segment_ms)
        expect(edge_distance_ms).toBeGreaterThanOrEqual(0)
        expect(edge_distance_ms).toBeLessThan(WINDOW_MS + STREAM.segment_ms)
        expect(edge_distance_ms).toBeLessThanOrEqual(latency_ms + STREAM.segment_ms)
      }
    },
  )
})
