import type { Receipt } from '@viewbeat/ingest-lambda'
import { type Batch, WIRE_VERSION } from '@viewbeat/schema'
import type { Chronicle } from './createChronicle.ts'
import type { Dice } from './createDice.ts'
import type { Road } from './createRoad.ts'
import type { Time } from './createTime.ts'
import { makeUlid } from './makeUlid.ts'

/** A view of somebody who sends by hand: no SDK, no totals, and not all of it good. */
export interface PartnerView {
  viewId: string
  /** Each event by its number; what is bad is rejected by itself. */
  events: { event: Batch['events'][number]; isGood: boolean }[]
  /** What is no batch at all, base64. */
  scraps: string[]
  /** What the ingest said of bodies that does not fit them. */
  oddReceipts: string[]
  isOver: () => boolean
}

/** Sends batches one after another, each until it is answered for, as the contract asks of a producer. */
export const playPartner = (
  name: string,
  { time, dice, chronicle, road }: { time: Time; dice: Dice; chronicle: Chronicle; road: Road },
): PartnerView => {
  const viewId = makeUlid(time.epoch(), dice.random)
  const visitId = makeUlid(time.epoch(), dice.random)
  const began = time.epoch()
  const events: PartnerView['events'] = []
  const scraps: string[] = []
  const oddReceipts: string[] = []
  let isOver = false

  const makeEvents = (isWhole: boolean) =>
    Array.from({ length: dice.between(1, 6) }, () => {
      const isGood = isWhole && dice.chance(0.9)
      const seq = events.length
      const t_ms = time.epoch() - began
      const about = { seq, ts: time.epoch(), playhead_ms: null, state: seq ? 'playing' : 'starting' }
      const event = {
        ...about,
        t_ms: isGood || !isWhole ? t_ms : -1,
        ...(seq ? { type: 'custom', name: 'told', value: { seq } } : { type: 'view_start' }),
      } as Batch['events'][number]
      events.push({ event, isGood })
      return { event, isGood }
    })

  const makeBatch = () => {
    const isWhole = dice.chance(0.85)
    const made = makeEvents(isWhole)
    const batch = {
      spec: isWhole ? WIRE_VERSION : '9.0',
      sdk: { name: 'partner', version: '2.0.0' },
      visit_id: visitId,
      view_id: viewId,
      sent_at: time.epoch(),
      context: { content: { id: 'ep-7' }, player: { name: 'tv' } },
      events: made.map(({ event }) => event),
    }
    const good = made.filter(({ isGood }) => isGood).length
    return { line: JSON.stringify(batch), good, rejections: isWhole ? made.length - good : 1 }
  }
  const toBody = () => {
    const batches = Array.from({ length: dice.between(1, 3) }, makeBatch)
    const lines = batches.map(({ line }) => line)
    let rejections = batches.reduce((sum, batch) => sum + batch.rejections, 0)
    if (dice.chance(0.15)) {
      const scrap = `{"half a line of ${name}":${scraps.length}`
      scraps.push(Buffer.from(scrap).toString('base64'))
      lines.splice(dice.between(0, lines.length), 0, scrap)
      rejections++
    }
    return {
      text: lines.join('\n'),
      good: batches.reduce((sum, { good }) => sum + good, 0),
      rejections,
    }
  }

  const deliver = async () => {
    const { text, good, rejections } = toBody()
    for (;;) {
      const sent = { bytes: Buffer.from(text), text, contentType: 'application/x-ndjson' }
      const answer = await road(name, sent).catch(() => undefined)
      if (answer?.status === 202) {
        const { accepted, rejected } = JSON.parse(answer.text) as Receipt
        if (accepted !== good || rejected.length !== rejections)
          oddReceipts.push(
            `${accepted} and ${rejected.length} of ${good} good events and ${rejections} rejections`,
          )
        return
      }
      await time.sleep(Math.max(answer?.retryAfterMs ?? 0, dice.between(500, 5000)))
    }
  }

  const play = async () => {
    for (let batches = dice.between(1, 5); batches > 0; batches--) {
      await time.sleep(dice.between(500, 20_000))
      await deliver()
    }
    isOver = true
    chronicle.tell(`${name}: has delivered all`)
  }
  play()
  return { viewId, events, scraps, oddReceipts, isOver: () => isOver }
}
