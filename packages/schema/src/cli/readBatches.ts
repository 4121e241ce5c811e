import type { Batch } from '../batch.ts'
import { parseCmcd } from '../cmcd/parseCmcd.ts'
import type { FlatEvent } from '../flattenRecord.ts'
import { parseBatch } from '../parseBatch.ts'
import type { Terminal } from './output.ts'
import { readInput } from './readInput.ts'

/** What a piece of input holds that is good, brought to the newest version, and how many things are not. */
interface Read {
  batches: Batch[]
  refused: number
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A line of the archive is one event with its context: a batch of one. */
const fromFlat = ({ publisher: _, received_at: _r, client: _c, ...flat }: FlatEvent) => {
  const { view_id, visit_id, sent_at, spec, sdk, context, dropped, upcast_from: _u, ...event } = flat
  return { spec, sdk, visit_id, view_id, sent_at, context, ...(dropped && { dropped }), events: [event] }
}

const toInput = (value: unknown): unknown => {
  if (!isObject(value) || Array.isArray(value.events)) return value
  if (isObject(value.batch)) return value.batch
  return 'view_id' in value && 'seq' in value ? fromFlat(value as unknown as FlatEvent) : value
}

const fromJson = (text: string): Read => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { batches: [], refused: 1 }
  }
  const parsed = parseBatch(toInput(value))
  return parsed.ok
    ? { batches: [parsed.batch], refused: parsed.rejected.length }
    : { batches: [], refused: 1 }
}

/**
 * Reads batches, records, lines of the archive or CMCD from files or stdin, one piece after another. What is not good
 * is left out and said at the end: `validate` says why.
 */
export async function* readBatches(terminal: Terminal, files: readonly string[]): AsyncGenerator<Batch> {
  let refused = 0
  // The records of a session are understood together: when it began, and the state that the one before left it in.
  const cmcd: string[] = []
  for await (const piece of readInput(terminal, files)) {
    if (piece.format === 'cmcd') {
      cmcd.push(piece.text)
      continue
    }
    const found = fromJson(piece.text)
    refused += found.refused
    yield* found.batches
  }
  const found = parseCmcd(cmcd.join('\n'))
  refused += found.rejected.length
  yield* found.batches
  if (refused > 0) terminal.err(`${refused} left out: not valid; \`validate\` says why`)
}
