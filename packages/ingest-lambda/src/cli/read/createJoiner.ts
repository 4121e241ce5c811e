import { gunzipSync } from 'node:zlib'
import type { QuarantineEntry } from '@viewbeat/schema'
import type { EntryPart } from '../../quarantine/toParts.ts'
import { toEntry } from './toEntry.ts'

/** Far more than an entry can be. */
const MAX_ENTRY_BYTES = 64 * 1024 * 1024

/** What is begun and not whole. */
interface Begun {
  where: string
  count: number
  pieces: Map<number, string>
}

/** Whether a line is a piece of an entry that was too large for one. */
export const isPart = (entry: object): entry is EntryPart => {
  const { part } = entry as Partial<EntryPart>
  return (
    typeof part?.id === 'string' &&
    Number.isSafeInteger(part.index) &&
    Number.isSafeInteger(part.count) &&
    part.index >= 0 &&
    part.index < part.count &&
    typeof part.gzip_base64 === 'string'
  )
}

/**
 * Puts entries together that were written in parts. Parts come in any order, in any file and more than once; what has
 * not come by the end is missing.
 */
export const createJoiner = () => {
  const begun = new Map<string, Begun>()
  const done = new Set<string>()
  return {
    /** Answers the entry with the last of its parts; `undefined` before, and after. Throws when they are none together. */
    add({ part: { id, index, count, gzip_base64 } }: EntryPart, where: string): QuarantineEntry | undefined {
      if (done.has(id)) return undefined
      const known = begun.get(id) ?? { where, count, pieces: new Map() }
      begun.set(id, known)
      known.pieces.set(index, gzip_base64)
      if (known.pieces.size < count) return undefined
      begun.delete(id)
      done.add(id)
      const bytes = Array.from({ length: count }, (_, at) =>
        Buffer.from(known.pieces.get(at) ?? '', 'base64'),
      )
      const text = gunzipSync(Buffer.concat(bytes), { maxOutputLength: MAX_ENTRY_BYTES }).toString('utf8')
      const entry = toEntry(text)
      if (!entry) throw new Error('parts that are no entry together')
      return entry
    },
    /** What began and never became whole. */
    missing: (): { where: string; why: string }[] =>
      [...begun.values()].map(({ where, count, pieces }) => ({
        where,
        why: `${pieces.size} of the ${count} parts of an entry; the others are missing`,
      })),
  }
}
