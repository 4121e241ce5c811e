import type { Quarantine, QuarantineEntry } from '@viewbeat/schema'
import { createSink, type Sink } from '../consume/createSink.ts'
import type { SinkObserver } from '../consume/observer.ts'
import type { PlacedRecord } from '../consume/readRecords.ts'
import type { ObjectStore } from './objectStore.ts'
import { toObjects } from './toObjects.ts'

/** How many objects are put at once: an invocation has one hour, or two at its turn. */
const AT_ONCE = 2

const toRefusal = ({ record, sequenceNumber }: PlacedRecord): QuarantineEntry => ({
  v: 1,
  stage: 'archive',
  received_at: record.received_at,
  publisher: record.publisher,
  view_id: record.batch.view_id,
  seqs: record.batch.events.map(({ seq }) => seq),
  rejections: [{ code: 'too_deep', path: '', message: 'Expected a record that can be written as JSON' }],
  sequence_number: sequenceNumber,
})

/**
 * Keeps every event for good: one object per invocation and received hour. Whatever the store says, a record whose object
 * it did not take is handed back: a bucket that is missing or closed is mended by somebody while Lambda still tries.
 * Records that come again with others land in objects under other names, beside what is there of them already: readers
 * take lines with the same (`view_id`, `seq`) for one.
 */
export const createArchiveSink = ({
  objects,
  quarantine,
  now = Date.now,
  observer,
}: {
  objects: ObjectStore
  quarantine: Quarantine
  /** Epoch ms. */
  now?: () => number
  observer?: SinkObserver
}): Sink =>
  createSink({
    stage: 'archive',
    quarantine,
    now,
    observer,
    write: async (records, deadline) => {
      const refused: QuarantineEntry[] = []
      const failed: string[] = []
      const reasons = new Set<string>()
      const waiting = toObjects(records, (placed) => refused.push(toRefusal(placed)))

      const putSome = async () => {
        for (const { key, body, records: held } of waiting) {
          try {
            const timeoutMs = deadline - now()
            if (timeoutMs <= 0) throw new Error('no time left')
            await objects.putObject(key, body, timeoutMs)
          } catch (error) {
            for (const { sequenceNumber } of held) failed.push(sequenceNumber)
            reasons.add(String((error as Error)?.message ?? error))
          }
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, putSome))
      return { failed, refused, ...(reasons.size > 0 && { reason: [...reasons].join('; ') }) }
    },
  })
