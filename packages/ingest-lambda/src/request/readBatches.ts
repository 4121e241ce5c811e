import { MAX_BATCHES_PER_BODY, type ParsedBatch, parseBatch } from '@viewbeat/schema'

/** A batch of a body with its place in it. `input` is what was read, kept for the quarantine. */
export type ReadBatch = { index: number; input: unknown; line: string } & ParsedBatch

/** How many invalid events of a batch are told what is wrong with them. */
const EXPLAINED = 5

/** What JSON may begin with: to throw at the first character of garbage costs as much as to check a good batch. */
const BEGINS_JSON = /^\s*[[{"\-\dtfn]/

const tryJson = (text: string): { ok: true; value: unknown } | { ok: false } => {
  if (!BEGINS_JSON.test(text)) return { ok: false }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}

const unreadable = (index: number, line: string): ReadBatch => ({
  index,
  input: undefined,
  line,
  ok: false,
  rejection: { code: 'unreadable', path: '', message: 'Not JSON' },
})

/**
 * Reads a body: one batch as JSON, which may span lines, or several as NDJSON. Of several lines an unreadable one is
 * rejected by its index. Undefined when nothing in the body is JSON, or when it holds too many lines.
 */
export const readBatches = (text: string): ReadBatch[] | undefined => {
  const whole = tryJson(text)
  if (whole.ok) return [{ index: 0, input: whole.value, line: text, ...parseBatch(whole.value, EXPLAINED) }]
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length < 2 || lines.length > MAX_BATCHES_PER_BODY) return undefined
  const batches = lines.map((line, index): ReadBatch => {
    const read = tryJson(line)
    return read.ok
      ? { index, input: read.value, line, ...parseBatch(read.value, EXPLAINED) }
      : unreadable(index, line)
  })
  return batches.every(({ input }) => input === undefined) ? undefined : batches
}
