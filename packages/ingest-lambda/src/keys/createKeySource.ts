import { type KeyBook, readKeyBook } from './keyBook.ts'

/** The keys in force; read again when they are older than their refresh. Rejects only while none were ever read. */
export type KeySource = () => KeyBook | Promise<KeyBook>

/** After a failure to read the document, when to try again, ms. */
const RETRY_MS = 1000

/**
 * Keeps the keys of a document in force, and reads it again every `refresh_ms`, within the request that finds it old: a
 * frozen Lambda does nothing in the background. What cannot be read leaves the last good keys in force.
 */
export const createKeySource = ({
  load,
  refresh_ms,
  now,
  onTrouble,
}: {
  /** The document as it is now: parsed JSON. */
  load: () => Promise<unknown>
  refresh_ms: number
  now: () => number
  /** `stale`: the document could not be read. `invalid`: entries of it are wrong, as `faults` say. */
  onTrouble: (trouble: 'stale' | 'invalid', faults: string[]) => void
}): KeySource => {
  let keys: KeyBook | undefined
  let dueAt = Number.NEGATIVE_INFINITY
  let under: Promise<KeyBook> | undefined

  const read = async (): Promise<KeyBook> => {
    try {
      const next = readKeyBook(await load(), keys)
      if (!next) throw new Error('The document is no JSON object of keys')
      keys = next.keys
      dueAt = now() + refresh_ms
      if (next.faults.length > 0) onTrouble('invalid', next.faults)
      return keys
    } catch (error) {
      dueAt = now() + Math.min(RETRY_MS, refresh_ms)
      onTrouble('stale', [(error as Error).message])
      if (!keys) throw error
      return keys
    } finally {
      under = undefined
    }
  }

  return () => {
    if (keys && now() < dueAt) return keys
    under ??= read()
    return under
  }
}
