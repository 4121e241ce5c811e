import { parseCmcd } from '@viewbeat/schema'
import type { ReadBatch } from './readBatches.ts'

/**
 * Reads a body of CMCD version 2 in event mode: batches of its sessions, and each refused line as a batch of its own, so
 * that it is kept and answered for by its number. Undefined when no line of it is CMCD.
 */
export const readCmcd = (text: string): ReadBatch[] | undefined => {
  const { batches, rejected } = parseCmcd(text)
  if (batches.length === 0 && rejected.every(({ code }) => code === 'unreadable')) return undefined
  const lines = text.split(/\r?\n/)
  const taken = batches.map(
    (batch, index): ReadBatch => ({
      index,
      input: batch,
      line: text,
      ok: true,
      batch,
      rejected: [],
      unknown: { events: 0, fields: 0 },
    }),
  )
  const refused = rejected.map(({ index, ...rejection }): ReadBatch => {
    const line = lines[index] ?? ''
    return { index, input: undefined, line, ok: false, rejection }
  })
  return [...taken, ...refused]
}
