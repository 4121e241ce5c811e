import { isDeepStrictEqual } from 'node:util'
import { type Batch, decodeRecord, type QuarantineEntry } from '@viewbeat/schema'
import { idOf, type SentEvent } from './makeBody.ts'
import type { Scene } from './playSeed.ts'
import type { LyingRecord } from './readStream.ts'

/** The events of a record by their identity; throws what is no record. */
const eventsOf = ({ data }: Pick<LyingRecord, 'data'>) => {
  const decoded = decodeRecord(data)
  if (!decoded.ok) throw new Error(decoded.rejection.message)
  const { view_id, events } = decoded.record.batch
  return events.map((event) => ({ id: idOf(view_id, event.seq), event, viewId: view_id }))
}

/** The events that an entry holds by their identity. */
const idsOf = ({ batch, view_id, seqs }: QuarantineEntry) => {
  if (batch) return (batch as Batch).events.map(({ seq }) => idOf((batch as Batch).view_id, seq))
  return (seqs ?? []).map((seq) => idOf(view_id ?? '', seq))
}

/** What is wrong with what became of a scene's events, a line each; nothing where every one is accounted for. */
export const judge = (scene: Scene, lying: readonly LyingRecord[]): string[] => {
  const wrong: string[] = []
  const known = new Map<string, SentEvent>()
  for (const { body } of scene.sent) for (const event of body.events) known.set(event.id, event)

  const copies = new Map<string, number>()
  const look = (where: string, record: Pick<LyingRecord, 'data'>, partitionKey?: string) => {
    for (const { id, event, viewId } of eventsOf(record)) {
      copies.set(id, (copies.get(id) ?? 0) + 1)
      const sent = known.get(id)
      if (!sent) wrong.push(`${id} is ${where} and was never sent`)
      else if (!sent.isGood) wrong.push(`${id} is ${where} though it is bad`)
      else if (!isDeepStrictEqual(event, sent.event)) wrong.push(`${id} is ${where} as another event`)
      if (partitionKey !== undefined && partitionKey !== viewId)
        wrong.push(`${id} lies under the key ${partitionKey}`)
    }
  }
  for (const record of lying) look('on the stream', record, record.partitionKey)
  for (const data of scene.spilled) look('in the spill', { data })
  if (!scene.mayRepeat)
    for (const [id, count] of copies)
      if (count > 1) wrong.push(`${id} is there ${count} times without a cause`)

  const quarantined = new Set(scene.quarantined.flatMap(idsOf))
  for (const id of quarantined)
    if (known.get(id)?.isGood !== false) wrong.push(`${id} is in quarantine without a cause`)
  const scraps = new Set(scene.quarantined.map(({ body_base64 }) => body_base64))

  for (const { body, delivery } of scene.sent) {
    // What the sender still has is not lost, wherever copies of it are.
    if (delivery.fate === 'kept') continue
    for (const { id, isGood } of body.events) {
      if (isGood && !copies.has(id)) wrong.push(`${id} was accepted and is lost`)
      if (!isGood && !quarantined.has(id)) wrong.push(`${id} was rejected and is not in quarantine`)
    }
    for (const scrap of body.scraps)
      if (!scraps.has(scrap)) wrong.push(`${Buffer.from(scrap, 'base64')} is not in quarantine`)
    if ((delivery.fate === 'unreadable') !== (body.rejections === undefined))
      wrong.push(`A body with ${body.rejections} rejections was answered as ${delivery.fate}`)
    if (delivery.fate !== 'stored') continue
    const good = body.events.filter(({ isGood }) => isGood).length
    const { accepted, rejected } = delivery.receipt
    if (accepted !== good || rejected.length !== body.rejections)
      wrong.push(
        `The receipt says ${accepted} and ${rejected.length} of ${good} good events and ${body.rejections} rejections`,
      )
  }

  if (scene.isHealed) {
    for (const { delivery } of scene.sent)
      if (delivery.fate === 'kept') wrong.push('All is well, and yet a body is refused')
    if (scene.spilled.length > 0)
      wrong.push(`All is well, and yet ${scene.spilled.length} records are spilled`)
  }
  return wrong
}
