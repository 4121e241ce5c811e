import type { QuarantineEntry } from '@viewbeat/schema'
import { inflate } from './inflate.ts'
import type { Filter } from './readFilter.ts'
import { readLines } from './readLines.ts'
import type { QuarantineFile, QuarantineSource } from './source.ts'
import { toEntry } from './toEntry.ts'

/** An entry, or a place in the quarantine that could not be read, and why. */
export type Found = { ok: true; entry: QuarantineEntry } | { ok: false; where: string; why: string }

const DAY_MS = 86_400_000

/** Delivery streams name a day by when they wrote, which may be later than when a thing was received, but not sooner. */
const isOutside = (name: string, { since, until }: Filter): boolean => {
  const [, day] = /(?:^|\/)dt=(\d{4}-\d\d-\d\d)\//.exec(name.replaceAll('\\', '/')) ?? []
  if (!day) return false
  const begins = Date.parse(day)
  return begins + 2 * DAY_MS <= since || begins - DAY_MS >= until
}

async function* readFile({ name, open }: QuarantineFile): AsyncGenerator<Found> {
  let last = 0
  try {
    for await (const { number, text } of readLines(inflate(await open()))) {
      last = number
      const where = `${name}:${number}`
      if (text === undefined) yield { ok: false, where, why: 'too long for an entry' }
      else {
        const entry = toEntry(text)
        yield entry ? { ok: true, entry } : { ok: false, where, why: 'no quarantine entry' }
      }
    }
  } catch (error) {
    yield { ok: false, where: `${name}, after line ${last}`, why: (error as Error).message }
  }
}

/**
 * Reads the wanted entries of a quarantine one by one, however many there are. What cannot be read is said and does not
 * end the reading.
 */
export async function* readEntries(source: QuarantineSource, filter: Filter): AsyncGenerator<Found> {
  for await (const file of source.list()) {
    if (isOutside(file.name, filter)) continue
    for await (const found of readFile(file)) if (!found.ok || filter.isWanted(found.entry)) yield found
  }
}
