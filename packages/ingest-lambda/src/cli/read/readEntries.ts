import type { QuarantineEntry } from '@viewbeat/schema'
import { createJoiner, isPart } from './createJoiner.ts'
import { inflate } from './inflate.ts'
import { isInvocationRecordName, readInvocationRecord } from './invocationRecord.ts'
import type { Filter } from './readFilter.ts'
import { readLines, readWhole } from './readLines.ts'
import type { QuarantineFile, QuarantineSource } from './source.ts'
import { toEntry } from './toEntry.ts'

/** An entry, or a place in the quarantine that could not be read, and why. */
export type Found = { ok: true; entry: QuarantineEntry } | { ok: false; where: string; why: string }

const DAY_MS = 86_400_000

/**
 * Delivery streams name a day by when they wrote, which may be much later than when a thing was received (a sink refuses what
 * is replayed from years ago), but not sooner.
 */
const isOutside = (name: string, { since }: Pick<Filter, 'since'>): boolean => {
  const [, day] = /(?:^|\/)dt=(\d{4}-\d\d-\d\d)\//.exec(name.replaceAll('\\', '/')) ?? []
  if (!day) return false
  const begins = Date.parse(day)
  return begins + 2 * DAY_MS <= since
}

/** What is read of a line: entries, one or many; nothing yet of a part; or why it is none. */
const readLine = (text: string, where: string, joiner: ReturnType<typeof createJoiner>): Found[] => {
  const entry = toEntry(text)
  if (entry && isPart(entry)) {
    const whole = joiner.add(entry, where)
    return whole ? [{ ok: true, entry: whole }] : []
  }
  if (entry) return [{ ok: true, entry }]
  const givenUp = readInvocationRecord(text)
  if (givenUp?.length) return givenUp.map((entry) => ({ ok: true, entry }))
  const why = givenUp ? 'says that a batch was given up, but does not hold it' : 'no quarantine entry'
  return [{ ok: false, where, why }]
}

async function* readFile(
  { name, open }: QuarantineFile,
  joiner: ReturnType<typeof createJoiner>,
): AsyncGenerator<Found> {
  let last = 0
  try {
    const bytes = inflate(await open())
    for await (const { number, text } of isInvocationRecordName(name) ? readWhole(bytes) : readLines(bytes)) {
      last = number
      const where = `${name}:${number}`
      if (text === undefined) yield { ok: false, where, why: 'too long for an entry' }
      else yield* readLine(text, where, joiner)
    }
  } catch (error) {
    yield { ok: false, where: `${name}, after line ${last}`, why: (error as Error).message }
  }
}

/**
 * Reads the wanted entries of a quarantine one by one, however many there are, and what Lambda wrote to an on-failure
 * destination alike. What cannot be read is said and does not end the reading.
 */
export async function* readEntries(source: QuarantineSource, filter: Filter): AsyncGenerator<Found> {
  const joiner = createJoiner()
  for await (const file of source.list()) {
    if (isOutside(file.name, filter)) continue
    for await (const found of readFile(file, joiner))
      if (!found.ok || filter.isWanted(found.entry)) yield found
  }
  for (const missing of joiner.missing()) yield { ok: false, ...missing }
}
