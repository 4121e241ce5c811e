import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutgoingRecord } from '@viewbeat/ingest-lambda'
import { readLines, toLine } from './lines.ts'

/** Keeps records on disk until every consumer of the stream is done with them. */
export interface Journal {
  /** What an earlier run left, as far as it is not done by now: to be put on the stream again. */
  unsettled(): OutgoingRecord[]
  /** Resolves once the records are on the disk, with a handle for each. Rejects when they are not, or it is full. */
  append(records: readonly OutgoingRecord[]): Promise<JournalEntry[]>
  /** Records that were not acknowledged after all. */
  forget(entries: readonly JournalEntry[]): void
  /** A consumer is done with records of these bytes. */
  settle(consumer: string, data: readonly Uint8Array[]): void
  /** Bytes on the disk. */
  size(): number
  close(): Promise<void>
}

/** A record in the journal. */
export interface JournalEntry {
  readonly hash: string
  readonly segment: Segment
  /** The consumers that are not done with it. */
  readonly awaits: Set<string>
}

/** A file of the journal; it goes when all in it is done. */
interface Segment {
  path: string
  bytes: number
  /** Entries that are not done. */
  open: number
}

interface Waiting {
  records: readonly OutgoingRecord[]
  lines: Buffer
  resolve: (entries: JournalEntry[]) => void
  reject: (error: unknown) => void
}

/** Small, so that little of what is done is put again after a crash. */
const SEGMENT_BYTES = 128 * 1024
const EXTENSION = '.journal'

const hashOf = (data: Uint8Array) => createHash('sha1').update(data).digest('base64')

/** A new name is on the disk only once its folder is. */
const syncFolder = async (folder: string) => {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Opens the journal that stands in front of a stream whose own acknowledgement does not outlive a crash. Appends that come
 * while the disk is busy share the next write and its sync.
 */
export const openJournal = async ({
  folder,
  consumers,
  maxBytes,
  log,
}: {
  folder: string
  consumers: readonly string[]
  maxBytes: number
  log: (message: string) => void
}): Promise<Journal> => {
  await mkdir(folder, { recursive: true })
  const names = (await readdir(folder)).filter((name) => name.endsWith(EXTENSION)).toSorted()
  const byHash = new Map<string, Set<JournalEntry>>()
  const closed = new Set<Segment>()
  let earlier: { record: OutgoingRecord; entry: JournalEntry }[] = []
  let number = Number.parseInt(names.at(-1) ?? '0', 10)
  let active: { segment: Segment; handle: FileHandle } | undefined
  let bytes = 0
  let waiting: Waiting[] = []
  let work: Promise<void> | undefined

  const enter = (segment: Segment, records: readonly OutgoingRecord[]): JournalEntry[] =>
    records.map(({ data }) => {
      const entry = { hash: hashOf(data), segment, awaits: new Set(consumers) }
      segment.open++
      const same = byHash.get(entry.hash)
      if (same) same.add(entry)
      else byHash.set(entry.hash, new Set([entry]))
      return entry
    })

  const leave = (entry: JournalEntry) => {
    const same = byHash.get(entry.hash)
    if (!same?.delete(entry)) return
    if (same.size === 0) byHash.delete(entry.hash)
    entry.segment.open--
  }

  for (const name of names) {
    const path = join(folder, name)
    const content = await readFile(path)
    const records = readLines(content)
    const segment = { path, bytes: content.length, open: 0 }
    for (const [index, entry] of enter(segment, records).entries())
      earlier.push({ record: records[index] as OutgoingRecord, entry })
    closed.add(segment)
    bytes += content.length
  }

  const openSegment = async () => {
    const name = `${String(++number).padStart(12, '0')}${EXTENSION}`
    const segment = { path: join(folder, name), bytes: 0, open: 0 }
    const handle = await open(segment.path, 'a')
    await syncFolder(folder)
    return { segment, handle }
  }

  const retire = async ({ segment, handle }: { segment: Segment; handle: FileHandle }) => {
    active = undefined
    closed.add(segment)
    await handle.close()
  }

  /** Writes what waits, in one piece. */
  const write = async (group: Waiting[]) => {
    try {
      active ??= await openSegment()
      const { segment, handle } = active
      // Entered first: a consumer may be done with a record before its putter hears of it.
      const entries = group.map(({ records }) => enter(segment, records))
      try {
        const lines = Buffer.concat(group.map((one) => one.lines))
        await handle.appendFile(lines)
        await handle.datasync()
        segment.bytes += lines.length
      } catch (error) {
        for (const entry of entries.flat()) leave(entry)
        // Its last line may be torn: nothing must come after it.
        await retire(active)
        throw error
      }
      if (segment.bytes >= SEGMENT_BYTES) await retire(active)
      group.forEach(({ resolve }, index) => {
        resolve(entries[index] as JournalEntry[])
      })
    } catch (error) {
      for (const { lines, reject } of group) {
        bytes -= lines.length
        reject(error)
      }
    }
  }

  /** Frees what is done. What is not freed for sure is put once more after a crash, which costs nothing but time. */
  const free = async () => {
    for (const segment of closed)
      if (segment.open === 0) {
        await rm(segment.path, { force: true })
        closed.delete(segment)
        bytes -= segment.bytes
      }
    if (active && active.segment.open === 0 && active.segment.bytes > 0) {
      await active.handle.truncate(0)
      bytes -= active.segment.bytes
      active.segment.bytes = 0
    }
  }

  const isDone = ({ open }: Segment) => open === 0
  const mayFree = () =>
    [...closed].some(isDone) || (active !== undefined && isDone(active.segment) && active.segment.bytes > 0)

  const run = async () => {
    while (waiting.length > 0 || mayFree()) {
      const group = waiting
      waiting = []
      if (group.length > 0) await write(group)
      try {
        await free()
      } catch (error) {
        log(`journal: ${(error as Error).message}`)
        break
      }
    }
    work = undefined
    if (waiting.length > 0) begin()
  }
  const begin = () => {
    work ??= Promise.resolve().then(run)
  }
  begin()

  return {
    unsettled() {
      earlier = earlier.filter(({ entry }) => entry.awaits.size > 0)
      return earlier.map(({ record }) => record)
    },
    append: (records) =>
      new Promise((resolve, reject) => {
        const lines = Buffer.from(records.map(toLine).join(''))
        if (bytes + lines.length > maxBytes) {
          reject(new Error(`The journal is full: ${bytes} of ${maxBytes} bytes wait to be stored`))
          return
        }
        bytes += lines.length
        waiting.push({ records, lines, resolve, reject })
        begin()
      }),
    forget(entries) {
      for (const entry of entries) leave(entry)
      if (mayFree()) begin()
    },
    settle(consumer, data) {
      for (const one of data)
        for (const entry of byHash.get(hashOf(one)) ?? []) {
          entry.awaits.delete(consumer)
          if (entry.awaits.size === 0) leave(entry)
        }
      if (mayFree()) begin()
    },
    size: () => bytes,
    async close() {
      while (work) await work
      await active?.handle.close()
      active = undefined
    },
  }
}
