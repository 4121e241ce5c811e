import type { Quarantine } from '@viewbeat/schema'
import { createSink, type Sink } from '../consume/createSink.ts'
import type { PlacedRecord } from '../consume/readRecords.ts'
import { objectKey } from './objectKey.ts'
import type { ObjectStore } from './objectStore.ts'
import { toNdjsonGzip } from './toNdjsonGzip.ts'

const HOUR_MS = 3_600_000

const byReceivedHour = (records: PlacedRecord[]): [PlacedRecord, ...PlacedRecord[]][] => {
  const hours = new Map<number, [PlacedRecord, ...PlacedRecord[]]>()
  for (const placed of records) {
    const hour = Math.floor(placed.record.received_at / HOUR_MS)
    const group = hours.get(hour)
    if (group) group.push(placed)
    else hours.set(hour, [placed])
  }
  return [...hours.values()]
}

/** Keeps every event for good: one object per invocation and received hour. */
export const createArchiveSink = ({
  objects,
  quarantine,
  now = Date.now,
}: {
  objects: ObjectStore
  quarantine: Quarantine
  now?: () => number
}): Sink =>
  createSink({
    stage: 'archive',
    quarantine,
    now,
    write: async (records) => {
      for (const group of byReceivedHour(records))
        await objects.putObject(objectKey(group), toNdjsonGzip(group.map(({ record }) => record)))
      return { failed: [], refused: [] }
    },
  })
