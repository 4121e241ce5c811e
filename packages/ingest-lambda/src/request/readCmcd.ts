import { parseCmcd } from '@viewbeat/schema'
import { bytesOfLine, type ReadBatch } from './readBatches.ts'

/**
 * Reads a body of CMCD version 2 in event mode: batches of its sessions, and each refused line as a batch of its own, so
 * that it is kept and answered for by its number. Undefined when no line of it is CMCD. `raw` gives what the text was
 * read from.
 */
export const readCmcd = (text: string, raw: () => Buffer): ReadBatch[] | undefined => {
  const { batches, lines, rejected } = parseCmcd(text)
  if (batches.length === 0 && rejected.every(({ code }) => code === 'unreadable')) return undefined
  const taken = batches.map(
    (batch, at): ReadBatch => ({
      index: lines[at]!,
      input: batch,
      bytes: raw,
      ok: true,
      batch,
      rejected: [],
      unknown: { events: 0, fields: 0 },
    }),
  )
  const refused = rejected.map(
    ({ index, ...rejection }): ReadBatch => ({
      index,
      input: undefined,
      bytes: () => bytesOfLine(raw(), index),
      ok: false,
      rejection,
    }),
  )
  return [...taken, ...refused]
}
