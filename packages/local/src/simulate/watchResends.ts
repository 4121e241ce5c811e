import { decodeRecord } from '@viewbeat/schema'
import type { BulkItem, BulkOperation } from '@viewbeat/sinks'
import type { StreamItem } from './createStream.ts'
import type { Finding } from './finding.ts'

/** Watches that one invocation does not write an event again of which the store has said that it is there. */
export const watchResends = (stream: readonly StreamItem[]) => {
  const wrong: Finding[] = []
  /** In how many invocations each event is now; more than one when an earlier one was given up and goes on. */
  const hands = new Map<string, number>()
  const safe = new Set<string>()
  const idsOf = (sequenceNumber: string): string[] => {
    const decoded = decodeRecord(stream.find((item) => item.sequenceNumber === sequenceNumber)!.data)
    if (!decoded.ok) return []
    const { view_id, events } = decoded.record.batch
    return events.map(({ seq }) => `${view_id}-${seq}`)
  }
  return {
    wrong,
    onHandedIn(records: string[]) {
      const ids = new Set(records.flatMap(idsOf))
      for (const id of ids) {
        hands.set(id, (hands.get(id) ?? 0) + 1)
        safe.delete(id)
      }
      return () => {
        for (const id of ids) hands.set(id, hands.get(id)! - 1)
      }
    },
    onItem({ op, id }: BulkOperation, { status }: BulkItem) {
      if (op !== 'create' || hands.get(id) !== 1 || (status >= 300 && status !== 409)) return
      if (safe.has(id))
        wrong.push({ kind: 'resent', text: `search: ${id} is written again though it is stored` })
      safe.add(id)
    },
  }
}
