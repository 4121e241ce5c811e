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
  /** Objects of which something is left, or that could not be read. */
  failed: number
  records: number
  /** How long the oldest of what is left has waited, s; 0 where nothing is left. */
  oldest_s: number
  /** Why the last of those that failed did. */
  reason?: string
}

const LISTED = 1000

/** How many objects are on their way at once. Each is a request that was spilled: there are hundreds for each second of trouble. */
const AT_ONCE = 16

const EXTENSION = '.ndjson'

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

const spilledAt = (name: string) => Number(/(?:^|\/)(\d{1,15})-[^/]*$/.exec(name)?.[1] ?? 0)

/** All names of spilled objects, oldest first: they begin with their hour, and in it with their moment. */
async function* listAll(objects: Pick<SpillObjects, 'list'>): AsyncGenerator<string> {
  for (let after: string | undefined; ; ) {
    const page = await objects.list(LISTED, after)
    const names = after === undefined ? page : page.filter((name) => name > after!)
    yield* names.filter((name) => name.endsWith(EXTENSION))
    if (names.length === 0 || page.length < LISTED) return
    after = names.at(-1)
  }
}

const toOutgoing = (data: Buffer): OutgoingRecord | undefined => {
  const decoded = decodeRecord(data)
  return decoded.ok ? { partitionKey: decoded.record.batch.view_id, data } : undefined
}

/**
 * Puts spilled records on the stream, the oldest objects first and some at once, and removes each object once all of it is
 * there. One of which something is left is written anew with that, and the run goes on with the next: one that always fails
 * holds up no other. What was put before a fault may come again: stores drop the copies. Rejects when nothing can be listed.
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
  let reason: string | undefined

  const keepUnreadable = async (lines: Buffer[]): Promise<Buffer[]> => {
    if (lines.length === 0) return []
    try {
      await quarantine.put(
        lines.map((line) => ({
          v: 1,
          stage: 'ingest',
          received_at: now(),
          rejections: [{ code: 'unreadable', path: '', message: 'A spilled line that is no record' }],
          body_base64: line.toString('base64'),
        })),
      )
      return []
    } catch (error) {
      reason = (error as Error).message
      return lines
    }
  }

  /** Answers how many records of an object are on the stream now, and whether the object is gone. */
  const drainObject = async (name: string): Promise<{ put: number; isGone: boolean }> => {
    const lines = linesOf(await objects.get(name))
    const read = lines.map((line) => ({ line, record: toOutgoing(line) }))
    const records = read.flatMap(({ record }) => record ?? [])
    const { left, cause } = await putRecords(records, deadline)
    if (left.length > 0) reason = (cause as Error | undefined)?.message ?? String(cause)
    const unkept = await keepUnreadable(read.flatMap(({ line, record }) => (record ? [] : [line])))
    const remaining = [...left.map(({ data }) => data), ...unkept]
    const put = records.length - left.length
    if (remaining.length === 0) await objects.remove(name)
    else if (remaining.length < lines.length) await objects.put(name, Buffer.concat(remaining))
    return { put, isGone: remaining.length === 0 }
  }

  let found = 0
  let drained = 0
  let failed = 0
  let records = 0
  let oldest: string | undefined
  const leave = (name: string) => {
    if (oldest === undefined || name < oldest) oldest = name
  }
  const names = listAll(objects)
  const drainSome = async () => {
    for await (const name of names) {
      found++
      if (now() >= deadline) {
        leave(name)
        // The rest of the first page is counted: an alarm looks at how many wait.
        if (found >= LISTED) break
        continue
      }
      try {
        const { put, isGone } = await drainObject(name)
        records += put
        if (isGone) {
          drained++
          continue
        }
      } catch (error) {
        reason = (error as Error).message
      }
      failed++
      leave(name)
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, drainSome))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
  const oldest_s = oldest === undefined ? 0 : Math.max(0, Math.round((now() - spilledAt(oldest)) / 1000))
  return { found, drained, failed, records, oldest_s, ...(reason !== undefined && { reason }) }
}
