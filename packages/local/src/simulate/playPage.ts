import { gzipSync } from 'node:zlib'
import type { Clock } from '../../../player-sdk/src/clock.ts'
import type { CapturedEvent } from '../../../player-sdk/src/options.ts'
import type { Network } from '../../../player-sdk/src/transport/network.ts'
import { openView } from '../load/openView.ts'
import { writeScenario } from '../load/writeScenario.ts'
import { aboutBody, printSeqs } from './about.ts'
import type { Chronicle } from './createChronicle.ts'
import type { Dice } from './createDice.ts'
import { createProcess } from './createInstances.ts'
import type { Road } from './createRoad.ts'
import type { Time } from './createTime.ts'
import { makeUlid } from './makeUlid.ts'

/** What the page knows of one view in the end. */
export interface PlayedView {
  viewId: string
  /** Each event as it was captured, by its number. */
  captured: CapturedEvent[]
  /** Those that are no good: the ingest rejects them. */
  bad: Set<number>
  /** Those that were answered 202, taken or rejected. */
  answered: Set<number>
  /** Those that were ever in a request. */
  sent: Set<number>
  /** What the SDK counted as lost. */
  lost: () => number
  /** Whether the page stayed until all was delivered; else it gave the rest to the browser, which tries once. */
  stays: boolean
  /** Whether the page is done. */
  isOver: () => boolean
}

/** What is worth packing, characters: the SDK's own bound. */
const MIN_PACKED = 600

/** As much as overflows the SDK's backlog. */
const FLOOD = { events: 200, letters: 6800 }

/** A page with one player, the SDK's own view and transport in it: it plays, and leaves or stays until all is delivered. */
export const playPage = (
  name: string,
  { time, dice, chronicle, road }: { time: Time; dice: Dice; chronicle: Chronicle; road: Road },
): PlayedView => {
  const process = createProcess()
  const captured: CapturedEvent[] = []
  const answered = new Set<number>()
  const sent = new Set<number>()
  const bad = new Set<number>()
  const stays = dice.chance(0.8)
  const isFlooded = dice.chance(0.08)
  /** Away for so long, ms: what is captured waits. */
  const offlineUntil = isFlooded ? 100_000 : 0
  let isOver = false

  const clock: Clock = {
    ...time.clock,
    setTimer: (run, ms) =>
      time.clock.setTimer(() => {
        if (!process.isDead()) run()
      }, ms),
  }
  const packed = new Map<unknown, string>()
  const send = async (how: string, bytes: Buffer, text: string, isBeacon: boolean) => {
    const seqs = [...aboutBody(text).values()].flat()
    for (const seq of seqs) sent.add(seq)
    chronicle.tell(`${name}: ${how} ${printSeqs(seqs)}`, aboutBody(text))
    if (time.now() < offlineUntil) {
      chronicle.fault('network: offline', `${name}: offline`, aboutBody(text))
      throw new Error('Failed to fetch')
    }
    const contentType = bytes.length < text.length ? 'application/x-www-form-urlencoded' : 'text/plain'
    const answer = await road(name, { bytes, text, contentType }, !isBeacon)
    if (answer.status === 202) for (const seq of seqs) answered.add(seq)
    return answer
  }
  const network: Network = {
    async pack(body) {
      if (body.length < MIN_PACKED) return body
      const bytes = gzipSync(body, { level: 1 })
      packed.set(bytes, body)
      // The transport asks only for its size.
      return Object.assign(bytes, { size: bytes.length }) as unknown as Blob
    },
    post: process.mortal(async (_url, body) => {
      const text = typeof body === 'string' ? body : packed.get(body)!
      packed.delete(body)
      const bytes = typeof body === 'string' ? Buffer.from(body) : (body as unknown as Buffer)
      const { status, retryAfterMs } = await send('sends', bytes, text, false)
      return [status, retryAfterMs]
    }),
    beacon(_url, body) {
      send('leaves with the browser', Buffer.from(body), body, true).catch(() => {})
      return true
    },
    leave: () => true,
  }

  const makeId = (epoch: number) => makeUlid(epoch, dice.random)
  const page = openView({
    scenario: writeScenario(dice.random, dice.pick([0.3, 0.7, 1.5])),
    clock,
    network,
    address: '/v1/events',
    random: dice.random,
    makeId,
    onCapture(event) {
      captured[event.seq] = event
      chronicle.tell(`${name}: captures ${event.seq} ${event.type}`, new Map([[event.view_id, [event.seq]]]))
    },
  })

  const note = (events: number, value: unknown, label = 'note') => {
    for (; events > 0; events--) page.record({ type: 'custom', name: label, value })
  }
  const later = (ms: number, act: () => void) => void clock.setTimer(act, ms)
  for (let notes = dice.between(0, 6); notes > 0; notes--)
    later(dice.between(100, 60_000), () => note(dice.between(1, 3), { n: 'ü'.repeat(dice.between(0, 200)) }))
  if (dice.chance(0.2)) later(dice.between(100, 30_000), () => note(1, 'x'.repeat(9000)))
  if (dice.chance(0.3))
    later(dice.between(100, 30_000), () => {
      const before = captured.length
      note(1, 0, 'a name that is too long'.repeat(4))
      // A stall may be told first.
      if (captured.length > before) bad.add(captured.length - 1)
    })
  if (isFlooded) later(2000, () => note(FLOOD.events, 'x'.repeat(FLOOD.letters)))

  const watch = async () => {
    await page.watch()
    if (stays) await page.stop()
    else {
      page.leave()
      process.kill()
    }
    isOver = true
    chronicle.tell(`${name}: ${stays ? 'has delivered all' : 'is gone'}`)
  }
  watch()

  return {
    viewId: page.viewId,
    captured,
    bad,
    answered,
    sent,
    lost: page.lost,
    stays,
    isOver: () => isOver,
  }
}
