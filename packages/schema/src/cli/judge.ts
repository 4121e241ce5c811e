import { parseCmcd } from '../cmcd/parseCmcd.ts'
import { MAX_BODY_BYTES } from '../limits.ts'
import { type ParsedBatch, parseBatch } from '../parseBatch.ts'
import type { Rejection } from '../rejection.ts'
import { hintOf, valueAt } from './hintOf.ts'
import { nameUnknown } from './nameUnknown.ts'
import type { Piece } from './readInput.ts'

/** What is wrong with an event or a batch, for the one who made it. */
export interface Problem {
  code: string
  /** JSON Pointer from the batch, or the key of a CMCD record. */
  path: string
  /** What was expected. */
  message: string
  /** The value that was there, as JSON, shortened. */
  received?: string
  /** What to do. */
  hint?: string
}

/** The verdict on one piece of input. */
export interface Verdict {
  file: string
  line: number
  ok: boolean
  /** Events in it, as far as they can be counted, and those that would be stored. */
  events: number
  accepted: number
  problems: Problem[]
  /** What is taken, but known to nobody: `pause.mood`, `drm_session`. */
  unknown: string[]
}

const shorten = (value: unknown): string => {
  let text: string
  try {
    text = JSON.stringify(value)
  } catch {
    // Nested deeper than the stack.
    return '…'
  }
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

const tooLarge = (text: string): Problem | undefined =>
  text.length * 3 > MAX_BODY_BYTES && Buffer.byteLength(text) > MAX_BODY_BYTES
    ? {
        code: 'too_big',
        path: '',
        message: `Larger than a body may be, ${MAX_BODY_BYTES} bytes`,
        hint: 'send fewer events at once',
      }
    : undefined

const toProblem = ({ code, path, message }: Rejection, input: unknown): Problem => {
  const value = valueAt(input, path)
  const hint = hintOf({ code, path, message }, input)
  return {
    code,
    path,
    message: value === undefined ? message : message.replace(/, received \w+$/, ''),
    ...(value !== undefined && { received: shorten(value) }),
    ...(hint !== undefined && { hint }),
  }
}

/** More that a batch may be held to: problems by the index of the event, -1 for the batch. */
export type CheckMore = (batch: { spec: string; events: { type?: unknown }[] }) => Map<number, Problem>

const judgeJson = ({ text }: Piece, checkMore?: CheckMore): Omit<Verdict, 'file' | 'line'> => {
  const refused = (problems: Problem[], events: number) => ({
    ok: false,
    events,
    accepted: 0,
    problems,
    unknown: [],
  })
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch (error) {
    return refused([{ code: 'unreadable', path: '', message: `Not JSON: ${(error as Error).message}` }], 0)
  }
  const large = tooLarge(text)
  if (large) return refused([large], isBatch(input) ? input.events.length : 0)
  const more = checkMore && isBatch(input) ? checkMore(input) : new Map<number, Problem>()
  const parsed: ParsedBatch = parseBatch(input)
  const counted = isBatch(input) ? input.events.length : 0
  if (!parsed.ok) return refused([toProblem(parsed.rejection, input)], counted)
  const bad = new Map(parsed.rejected.map((rejection) => [rejection.index, toProblem(rejection, input)]))
  for (const [index, problem] of more)
    if (!bad.has(index)) bad.set(index, { ...problem, ...receivedOf(problem, input) })
  const problems = [...bad].sort(([a], [b]) => a - b).map(([, problem]) => problem)
  const { unknown } = parsed
  return {
    ok: problems.length === 0,
    events: counted,
    accepted: counted - [...bad.keys()].filter((index) => index >= 0).length,
    problems,
    unknown: unknown.events + unknown.fields > 0 ? nameUnknown(parsed.batch.events) : [],
  }
}

const isBatch = (input: unknown): input is { spec: string; events: { type?: unknown }[] } =>
  typeof (input as { spec?: unknown } | null)?.spec === 'string' &&
  Array.isArray((input as { events?: unknown }).events)

const receivedOf = ({ path }: Problem, input: unknown) => {
  const value = valueAt(input, path)
  return value === undefined ? {} : { received: shorten(value) }
}

const judgeCmcd = ({ text }: Piece): Omit<Verdict, 'file' | 'line'> => {
  const { batches, rejected } = parseCmcd(text)
  const accepted = batches.reduce((sum, { events }) => sum + events.length, 0)
  const problems = rejected.map(({ code, path, message }) => ({ code, path, message }))
  return { ok: problems.length === 0, events: accepted + rejected.length, accepted, problems, unknown: [] }
}

/** Judges a piece of input by the rules of the ingest, which are the same code. */
export const judge = (piece: Piece, checkMore?: CheckMore): Verdict => ({
  file: piece.file,
  line: piece.line,
  ...(piece.format === 'cmcd' ? judgeCmcd(piece) : judgeJson(piece, checkMore)),
})
