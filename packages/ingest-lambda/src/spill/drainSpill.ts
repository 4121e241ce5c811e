import { decodeRecord, type Quarantine } from '@viewbeat/schema'
import type { Put } from '../aws/putInCalls.ts'
import type { OutgoingRecord } from '../records/toRecord.ts'
import type { SpillObjects } from './objects.ts'

/** What a run has done. */
export interface Drained {
  /** Objects that were waiting, as far as the run looked. */
  found: number
  /** Objects whose records are all on the stream now, and which are gone. */
  drained: number
  records: number
  /** How long the oldest of what is left has waited, s; 0 where nothing is left. */
  oldest_s: number
}

const LISTED = 1000

const linesOf = (bytes: Buffer): Buffer[] => {
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from)
    const to = end < 0 ? bytes.length : end + 1
    lines.push(bytes.subarray(from, to))
    from = to
  }
  return lines
}

const spilledAt = (name: string) => Number(/\/(\d{1,15})-[^/]*$/.exec(name)?.[1] ?? 0)

/**
 * Puts spilled records on the stream, oldest first, and removes each object once all of it is there. What of an object
 * was put before a failure comes again: stores drop the copies. Stops at the first object that the stream does not take.
 */
export const drainSpill = async (
  {
    objects,
    putRecords,
    quarantine,
    now,
  }: {
    objects: SpillObjects
    putRecords: Put<OutgoingRecord>
    quarantine: Quarantine
    now: () => number
  },
  deadline: number,
): Promise<Drained> => {
  const names = (await objects.list(LISTED)).toSorted((a, b) => spilledAt(a) - spilledAt(b))
  let drained = 0
  let records = 0
  for (const name of names) {
    if (now() >= deadline) break
    const lines = linesOf(await objects.get(name))
    const readable: OutgoingRecord[] = []
    const unreadable: Buffer[] = []
    for (const data of lines) {
      const decoded = decodeRecord(data)
      if (decoded.ok) readable.push({ partitionKey: decoded.record.batch.view_id, data })
      else unreadable.push(data)
    }
    const { left } = await putRecords(readable, deadline)
    if (left.length > 0) break
    if (unreadable.length > 0)
      await quarantine.put(
        unreadable.map((line) => ({
          v: 1,
          stage: 'ingest',
          received_at: now(),
          rejections: [{ code: 'unreadable', path: '', message: 'A spilled line that is no record' }],
          body_base64: line.toString('base64'),
        })),
      )
    await objects.remove(name)
    drained++
    records += readable.length
  }
  const left = names[drained]
  const oldest_s = left ? Math.max(0, Math.round((now() - spilledAt(left)) / 1000)) : 0
  return { found: names.length, drained, records, oldest_s }
}
