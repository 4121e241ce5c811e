import type { QuarantineEntry, Rejection } from '@viewbeat/schema'
import { readPayload } from '../payload/readPayload.ts'
import { isOfEvent, type RefusedBatch, toRefused } from '../payload/toRefused.ts'
import { type BytesSample, describeBytes } from './describeBytes.ts'
import { foldPath } from './foldPath.ts'
import { producerOf, type Redacted, redact } from './redact.ts'

/** Entries that were refused for the same reason at the same place. */
export interface EntryGroup {
  /** Absent where nobody's key was known. */
  publisher?: string
  stage: string
  code: string
  path: string
  message: string
  entries: number
  /** As far as they can be counted: bytes that nobody can read hold nobody knows how many. */
  events: number
  /** Epoch ms. */
  first_seen: number
  last_seen: number
  /** How many entries came from each producer. */
  producers: Record<string, number>
  /** The first of them, masked. */
  sample: Redacted | BytesSample
}

/** Paths and producers come from strangers: this many of each are told apart, and the rest is summed up. */
const MAX_GROUPS = 1000
const MAX_PRODUCERS = 20

const OTHER = '(other)'

const toSample = (
  { body_base64 }: QuarantineEntry,
  rejection: Rejection,
  refused: RefusedBatch | undefined,
  bytes: Buffer | undefined,
): EntryGroup['sample'] => {
  if (!refused) return body_base64 === undefined ? null : describeBytes(bytes ?? Buffer.alloc(0))
  const { sdk: _, ...header } = refused.header
  const events = isOfEvent(rejection)
    ? refused.events.filter((event) => event.rejection === rejection)
    : refused.events.slice(0, 1)
  const producer = producerOf(refused.header)
  return {
    ...(redact(header) as object),
    ...(producer !== undefined && { sdk: producer }),
    events: events.map(({ event }) => redact(event)),
  } as Redacted
}

/** Counts entries by publisher, stage, code and place, in memory that does not grow with them. */
export const createGroups = () => {
  const groups = new Map<string, EntryGroup>()

  const groupOf = (
    entry: QuarantineEntry,
    { code, path, message }: Rejection,
    publisher: string | undefined,
  ) => {
    const place = foldPath(path)
    const key = JSON.stringify([publisher, entry.stage, code, place])
    const known = groups.get(key)
    if (known) return { key, known }
    if (groups.size >= MAX_GROUPS) return { key: OTHER, known: groups.get(OTHER) }
    const begun = { stage: entry.stage, code, path: place, message }
    return { key, known: undefined, begun: { ...begun, ...(publisher !== undefined && { publisher }) } }
  }

  const add = (entry: QuarantineEntry) => {
    const payload = readPayload(entry)
    const publisher = entry.publisher ?? payload.publisher
    const refused = payload.batches
      .map((batch) => toRefused(entry, batch))
      .find((batch) => batch !== undefined)
    const producer = (refused && producerOf(refused.header)) ?? 'unknown'
    const counted = new Set<string>()
    for (const rejection of entry.rejections) {
      const { key, known, begun } = groupOf(entry, rejection, publisher)
      const group: EntryGroup = known ?? {
        ...(begun ?? { stage: OTHER, code: OTHER, path: '', message: 'More kinds than are told apart' }),
        entries: 0,
        events: 0,
        first_seen: entry.received_at,
        last_seen: entry.received_at,
        producers: {},
        sample: toSample(entry, rejection, refused, payload.bytes),
      }
      groups.set(key, group)
      // What has no reason of its own has one like the last that has.
      const more = rejection === entry.rejections.at(-1) ? (entry.omitted ?? 0) : 0
      group.events += isOfEvent(rejection) ? 1 + more : ((entry.seqs?.length || refused?.events.length) ?? 0)
      if (counted.has(key)) continue
      counted.add(key)
      group.entries++
      group.first_seen = Math.min(group.first_seen, entry.received_at)
      group.last_seen = Math.max(group.last_seen, entry.received_at)
      const isNamed = Object.hasOwn(group.producers, producer)
      const name = isNamed || Object.keys(group.producers).length < MAX_PRODUCERS ? producer : OTHER
      group.producers[name] = (Object.hasOwn(group.producers, name) ? group.producers[name]! : 0) + 1
    }
  }

  return {
    add,
    /** The groups, those with the most events first. */
    list: () => [...groups.values()].toSorted((a, b) => b.events - a.events || b.entries - a.entries),
  }
}
