import type { PlacedRecord } from '../consume/readRecords.ts'
import { objectKey } from './objectKey.ts'
import { openNdjsonGzip } from './openNdjsonGzip.ts'

/** An object that is to be put, and the records in it. */
export interface ArchiveObject {
  key: string
  body: Buffer
  records: PlacedRecord[]
}

const HOUR_MS = 3_600_000

/**
 * How much text an object holds before another is begun, in characters. Far more than an invocation has, unless somebody sends
 * batches whose context is large: written with each event it can grow a hundredfold.
 */
const MAX_TEXT_SIZE = 64 * 1024 * 1024

const byReceivedHour = (records: PlacedRecord[]): PlacedRecord[][] => {
  const hours = new Map<number, PlacedRecord[]>()
  for (const placed of records) {
    const hour = Math.floor(placed.record.received_at / HOUR_MS)
    const group = hours.get(hour)
    if (group) group.push(placed)
    else hours.set(hour, [placed])
  }
  return [...hours.values()]
}

/**
 * Makes the objects of an invocation, each when it is asked for: one for each received hour, or several where that would be
 * too much to hold. A record that cannot be written is handed to `refuse`.
 */
export function* toObjects(
  records: PlacedRecord[],
  refuse: (placed: PlacedRecord) => void,
  maxTextSize = MAX_TEXT_SIZE,
): Generator<ArchiveObject> {
  for (const group of byReceivedHour(records)) {
    let body = openNdjsonGzip()
    let held: PlacedRecord[] = []
    const end = (): ArchiveObject => ({
      key: objectKey(held as [PlacedRecord, ...PlacedRecord[]]),
      body: body.end(),
      records: held,
    })
    for (const placed of group) {
      try {
        body.add(placed.record)
      } catch {
        refuse(placed)
        continue
      }
      held.push(placed)
      if (body.textSize < maxTextSize) continue
      yield end()
      body = openNdjsonGzip()
      held = []
    }
    // Of batches without events there is nothing to keep.
    if (body.textSize > 0) yield end()
  }
}
