import { MAX_BATCHES_PER_BODY, type ParsedBatch, parseBatch } from '@viewbeat/schema'

/** A batch of a body. `input` is what was read and `bytes` what came, for the quarantine. */
export type ReadBatch = {
  /** The line of the body that it begins with, from 0. */
  index: number
  input: unknown
  bytes: () => Buffer
} & ParsedBatch

/** How many invalid events of a batch are told what is wrong with them. */
const EXPLAINED = 5

const NEWLINE = 10
const RETURN = 13

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

const unreadable = (index: number, bytes: () => Buffer): ReadBatch => ({
  index,
  input: undefined,
  bytes,
  ok: false,
  rejection: { code: 'unreadable', path: '', message: 'Not JSON' },
})

/**
 * The bytes of a line. They are cut only where they are asked for; a line of text ends where its bytes end, because no
 * byte of another character is a newline, in bytes that are no UTF-8 either.
 */
export const bytesOfLine = (raw: Buffer, line: number): Buffer => {
  let from = 0
  for (let passed = 0; passed < line; passed++) from = raw.indexOf(NEWLINE, from) + 1
  const end = raw.indexOf(NEWLINE, from)
  if (end < 0) return raw.subarray(from)
  return raw.subarray(from, end > from && raw[end - 1] === RETURN ? end - 1 : end)
}

/**
 * Reads a body: one batch as JSON, which may span lines, or several as NDJSON. Of several lines an unreadable one is
 * rejected by its index. Undefined when nothing in the body is JSON, or when it holds too many lines. `raw` gives what
 * the text was read from.
 */
export const readBatches = (text: string, raw: () => Buffer): ReadBatch[] | undefined => {
  const whole = tryJson(text)
  if (whole.ok) return [{ index: 0, input: whole.value, bytes: raw, ...parseBatch(whole.value, EXPLAINED) }]
  const lines = [...text.split('\n').entries()].filter(([, line]) => line.trim() !== '')
  if (lines.length < 2 || lines.length > MAX_BATCHES_PER_BODY) return undefined
  const batches = lines.map(([index, line]): ReadBatch => {
    const bytes = () => bytesOfLine(raw(), index)
    const read = tryJson(line)
    return read.ok
      ? { index, input: read.value, bytes, ...parseBatch(read.value, EXPLAINED) }
      : unreadable(index, bytes)
  })
  return batches.every(({ input }) => input === undefined) ? undefined : batches
}
