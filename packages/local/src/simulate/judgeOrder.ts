import type { StreamItem } from './createStream.ts'
import type { Finding } from './finding.ts'
import type { Scene } from './playSeed.ts'
import type { Sunk } from './sunk.ts'

type State = 'waiting' | 'invoked' | 'done' | 'failed' | 'discarded'

/** How many findings of a kind are told: the first one says it. */
const MOST = 3

/**
 * Holds how a mapping handed records in against what Lambda promises: those of one partition key in their order, a later one
 * only when all before it are done or given up, and in the end every record of the stream one of both.
 */
export const judgeOrder = (scene: Scene, { stage, deliveries }: Sunk): Finding[] => {
  const found: Finding[] = []
  const items = new Map<string, StreamItem>(scene.stream.map((item) => [item.sequenceNumber, item]))
  const keys = new Map<string, StreamItem[]>()
  for (const item of scene.stream) keys.set(item.partitionKey, [...(keys.get(item.partitionKey) ?? []), item])
  const states = new Map<string, State>()
  const latest = new Map<string, number>()
  const add = (text: string, item: StreamItem) => {
    if (found.length < MOST)
      found.push({ kind: 'order', text: `${stage}: ${text}`, viewId: item.partitionKey })
  }
  const settle = (invocation: number, records: string[], state: State) => {
    for (const record of records) if (latest.get(record) === invocation) states.set(record, state)
  }

  for (const delivery of deliveries) {
    if (delivery.what === 'crashed') {
      for (const [record, state] of states) if (state === 'invoked') states.set(record, 'failed')
    } else if (delivery.what === 'discarded') {
      for (const record of delivery.records) {
        states.set(record, 'discarded')
        latest.delete(record)
      }
    } else if (delivery.what === 'answered') {
      const { invocation, records, from } = delivery
      const first = from === undefined ? records.length : records.indexOf(from)
      settle(invocation, records.slice(0, first), 'done')
      settle(invocation, records.slice(first), 'failed')
    } else if (delivery.what === 'failed') settle(delivery.invocation, delivery.records, 'failed')
    else {
      const { invocation, records } = delivery
      const together = new Set(records)
      let before = -1
      for (const record of records) {
        const item = items.get(record)!
        if (item.index < before)
          add(`invocation ${invocation} has record ${item.index} behind ${before}`, item)
        before = item.index
        const early = keys
          .get(item.partitionKey)!
          .find(
            (other) =>
              other.index < item.index &&
              !together.has(other.sequenceNumber) &&
              !['done', 'discarded'].includes(states.get(other.sequenceNumber) ?? 'waiting'),
          )
        if (early)
          add(
            `invocation ${invocation} has record ${item.index}, and record ${early.index} before it is ${states.get(early.sequenceNumber) ?? 'waiting'}`,
            item,
          )
      }
      for (const record of records) {
        states.set(record, 'invoked')
        latest.set(record, invocation)
      }
    }
  }
  const left = scene.stream.filter(
    ({ sequenceNumber }) => !['done', 'discarded'].includes(states.get(sequenceNumber) ?? 'waiting'),
  )
  if (left.length > 0)
    found.push({
      kind: 'unfinished',
      text: `${stage}: records ${left.map(({ index }) => index).join(' ')} are not done in the end`,
    })
  return found
}
