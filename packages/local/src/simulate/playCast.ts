import type { Road } from './createRoad.ts'
import type { Stream, StreamItem } from './createStream.ts'
import type { World } from './createWorld.ts'
import { makePoison } from './makePoison.ts'
import { type PlayedView, playPage } from './playPage.ts'
import { type PartnerView, playPartner } from './playPartner.ts'

/** Everybody within so much time, ms. */
const BEGIN_MS = 20_000
const POISON_MS = 60_000

/** Lets those come who send: pages, a partner, somebody who puts on the stream what is no record. */
export const playCast = (world: World, { road, stream }: { road: Road; stream: Stream }) => {
  const { weather, time, chronicle, around, diceOf } = world
  const dice = diceOf('cast')
  const pages: PlayedView[] = []
  const partners: PartnerView[] = []
  const poison: StreamItem[] = []
  const later = (within: number, act: () => void) => void time.clock.setTimer(act, dice.between(0, within))
  const wanted = { pages: dice.between(1, 3), partners: dice.between(0, 1) }
  for (let page = 0; page < wanted.pages; page++)
    later(BEGIN_MS, () => pages.push(playPage(`page ${page}`, { ...around(`page ${page}`), road })))
  for (let partner = 0; partner < wanted.partners; partner++)
    later(BEGIN_MS, () =>
      partners.push(playPartner(`partner ${partner}`, { ...around(`partner ${partner}`), road })),
    )
  for (let pieces = weather.poison; pieces > 0; pieces--)
    later(POISON_MS, () => {
      chronicle.fault('poison', 'somebody puts bytes on the stream that are no record')
      poison.push(stream.append(`stranger ${pieces}`, makePoison(dice, stream.items)))
    })
  return {
    pages,
    partners,
    poison,
    /** Whether all have come and are done. */
    areOver: () =>
      pages.length === wanted.pages &&
      partners.length === wanted.partners &&
      [...pages, ...partners].every(({ isOver }) => isOver()),
  }
}
