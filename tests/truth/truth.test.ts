import { checkOrder } from '@viewbeat/schema'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { disagreements } from './deviations.ts'
import { judge } from './judge.ts'
import { openTheatre, type Theatre } from './openTheatre.ts'
import type { PlayerName } from './players.ts'
import type { ScenarioName } from './scenarios/index.ts'

const FIVE: PlayerName[] = ['html5', 'hls', 'dash', 'shaka', 'videojs']
const ENGINES: PlayerName[] = ['hls', 'dash', 'shaka', 'videojs']
const SOME: PlayerName[] = ['html5', 'hls', 'dash']

/** How much further off the truth the SDK may be with one engine than with another, ms: 100, and a frame. */
const AGREED_MS = 140

/** How long it takes to play a scenario with all engines, one after the other and when it is their turn, ms. */
const LONG_MS = 300_000

/** What is to be true of each scenario, and of whom it can be asked. */
const FACTS: [ScenarioName, PlayerName[], string][] = [
  ['startup', [...FIVE, 'html5-hls'], 'times a start until the picture moves'],
  ['stalls', FIVE, 'times each stall while nothing is buffered'],
  ['freeze', ENGINES, 'times a picture that stands still while the sound may go on'],
  ['pause', FIVE, 'leaves a pause within a stall out of it'],
  [
    'seek',
    [...FIVE, 'html5-hls'],
    'times a seek until the picture moves at the new place, and takes it for no stall',
  ],
  ['burst', FIVE, 'takes a burst of seeks for one, from the last on'],
  ['switch', ENGINES, 'dates a switch by the first frame of the new size'],
  ['busy', SOME, 'takes a busy page for no stall'],
  ['blip', ['html5', 'hls'], 'takes a picture that stands for 200 ms for no stall'],
  ['replay', SOME, 'takes a second start from the end for no stall'],
  ['throwing', ENGINES, 'tells the truth also of an engine of which every getter throws'],
]

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
  for (const [scenario, players, fact] of FACTS) {
    it.each(players)(`${fact}: ${scenario} with %s`, async (player) => {
      const { views, complaints } = await theatre.play(player, scenario)
      expect(views.flatMap(({ truth, claims }) => judge(truth, claims))).toEqual([])
      expect(views.flatMap(({ events }) => checkOrder(events))).toEqual([])
      expect({ views: views.length, complaints }).toEqual({ views: 1, complaints: [] })
    })

    if (players.length < ENGINES.length) continue
    it(`is as near to the truth with one engine as with another: ${scenario}`, {
      timeout: LONG_MS,
    }, async () => {
      const played = await Promise.all(
        players.map(async (player) => [player, (await theatre.play(player, scenario)).views[0]!] as const),
      )
      expect(disagreements(Object.fromEntries(played), AGREED_MS)).toEqual([])
    })
  }
})
