import { createHash } from 'node:crypto'
import type { Batch } from '../batch.ts'
import { MAX_EVENTS_PER_BATCH, WIRE_VERSION } from '../limits.ts'
import { parseBatch } from '../parseBatch.ts'
import type { Rejection, RejectionCode } from '../rejection.ts'
import { CMCD_VERSION } from './cmcdKeys.ts'
import { type CmcdRecord, readRecord } from './readRecord.ts'
import { amount, text } from './recordValues.ts'
import { toContext } from './toContext.ts'
import { type State, stateOf, toEvent } from './toEvent.ts'
import { toExt } from './toExt.ts'
import { beginOf, toViewId } from './toViewId.ts'

/** A line that was not taken, and why. `path` points at the key, or at what became of it in a batch. */
export interface CmcdRejection extends Rejection {
  /** The line in the body, from 0. */
  index: number
}

/** What came of a CMCD body: batches of the newest wire version, one or more for each session, and what was refused. */
export interface ParsedCmcd {
  batches: Batch[]
  /** For each batch the line of the body that it begins with, from 0. */
  lines: number[]
  rejected: CmcdRejection[]
}

/** A record that can be numbered and placed, with where it came from. */
interface Line {
  index: number
  line: string
  record: CmcdRecord
  token: string
  sid: string
  ts: number
}

/** The last moment whose events can be numbered, epoch ms: in 2039. See `seqOf`. */
const MAX_TS = Math.floor(Number.MAX_SAFE_INTEGER / 4096)

const readLine = (line: string, index: number): Line | CmcdRejection => {
  const refuse = (code: RejectionCode, path: string, message: string) => ({ index, code, path, message })
  const record = readRecord(line.trim())
  if (!record) return refuse('unreadable', '', 'Not a dictionary of RFC 8941')
  const version = amount(record, 'v')
  if (version === undefined) return refuse('missing', '/v', 'Required: expected the version of CMCD, 2')
  if (version > CMCD_VERSION) return refuse('newer_major', '/v', `CMCD newer than version ${CMCD_VERSION}`)
  const token = text(record, 'e')
  if (!token) return refuse('missing', '/e', 'Required: expected the token of an event')
  const ts = amount(record, 'ts')
  if (ts === undefined) return refuse('missing', '/ts', 'Required: expected epoch milliseconds')
  if (ts > MAX_TS) return refuse('too_big', '/ts', `Too big: expected at most ${MAX_TS}`)
  const sid = text(record, 'sid')
  if (!sid) return refuse('missing', '/sid', 'Required: without a session it belongs to no view')
  return { index, line, record, token, sid, ts }
}

/**
 * The number of a record's event in its view. `sn` alone would not do: dash.js starts it again within a session, and
 * stores would drop the second event of a number unseen. Time and `sn` together are the same when a report is sent
 * again, and in the order of time. They leave gaps: a loss cannot be read from them.
 */
const seqOf = ({ record, line, ts }: Line): number => {
  const number = amount(record, 'sn') ?? createHash('sha256').update(line).digest().readUInt16BE()
  return ts * 4096 + (number % 4096)
}

/** Two different records that come to one number get two: the later of them the next that is free. */
const numberAll = (lines: readonly Line[]): Map<Line, number> => {
  const taken = new Set<number>()
  /** Where to look on, so that many records of one number do not each begin at the first. */
  const nextOf = new Map<number, number>()
  return new Map(
    lines.map((line) => {
      const wanted = seqOf(line)
      let seq = nextOf.get(wanted) ?? wanted
      while (taken.has(seq)) seq++
      taken.add(seq)
      nextOf.set(wanted, seq + 1)
      return [line, seq]
    }),
  )
}

/** A report that comes twice in one body is one. */
const withoutCopies = (lines: readonly Line[], refuse: (line: Line) => void): Line[] => {
  const seen = new Set<string>()
  return lines.filter((line) => {
    const isNew = !seen.has(line.line)
    seen.add(line.line)
    if (!isNew) refuse(line)
    return isNew
  })
}

/** Positions of live streams with a clock are epoch ms. */
const playheadOf = (record: CmcdRecord) => {
  const playhead_ms = amount(record, 'pt') ?? null
  return { playhead_ms, ...(playhead_ms !== null && playhead_ms > 1e11 && { playhead_kind: 'epoch' }) }
}

/** When a session began: as its `sid` says, or with the first record at hand. */
const beginOfSession = (lines: readonly Line[]): { begin: number; said: boolean } => {
  const first = lines.reduce((earliest, { ts }) => Math.min(earliest, ts), Number.POSITIVE_INFINITY)
  const begin = beginOf(lines[0]!.sid)
  return begin !== undefined && begin <= first ? { begin, said: true } : { begin: first, said: false }
}

/** Says the records of a session as events. What they do not say and an event must is assumed, and marked so. */
const toEvents = (lines: readonly Line[], contentId: string) => {
  const { begin, said } = beginOfSession(lines)
  const numbers = numberAll(lines)
  let state: State | undefined
  return lines.map((line) => {
    const { record, token, ts } = line
    const { type, fields, used } = toEvent(token, record, state)
    state = stateOf(record) ?? state
    const assumed = [...(state ? [] : ['state']), ...(said ? [] : ['t_ms'])]
    const held = [
      ...used,
      ...(stateOf(record) ? ['sta'] : []),
      ...(amount(record, 'pt') === undefined ? [] : ['pt']),
      ...(text(record, 'cid') === contentId ? ['cid'] : []),
    ]
    const ext = toExt(record, held, assumed)
    return {
      seq: numbers.get(line)!,
      type,
      ts,
      t_ms: ts - begin,
      ...playheadOf(record),
      state: state ?? 'playing',
      ...fields,
      ...(ext && { ext }),
    }
  })
}

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))

/** Puts the events of a session into batches, and has them checked like any others. */
const toBatches = (all: readonly Line[]): ParsedCmcd => {
  const rejected: CmcdRejection[] = []
  const lines = withoutCopies(all, ({ index }) =>
    rejected.push({ index, code: 'duplicate_seq', path: '', message: 'A copy of a line before it' }),
  )
  const view_id = toViewId(lines[0]!.sid)
  const context = toContext(lines.map(({ record }) => record))
  const header = {
    spec: WIRE_VERSION,
    sdk: { name: 'cmcd', version: String(CMCD_VERSION) },
    visit_id: view_id,
    view_id,
    context,
  }
  const batches: Batch[] = []
  const begins: number[] = []
  const refuse = (at: number, { code, path, message }: Rejection) =>
    rejected.push({ index: lines[at]!.index, code, path, message })
  chunks(toEvents(lines, context.content.id), MAX_EVENTS_PER_BATCH).forEach((events, chunk) => {
    const from = chunk * MAX_EVENTS_PER_BATCH
    const parsed = parseBatch({ ...header, sent_at: Math.max(...events.map(({ ts }) => ts)), events })
    if (!parsed.ok) {
      for (const at of events.keys()) refuse(from + at, parsed.rejection)
      return
    }
    for (const rejection of parsed.rejected) refuse(from + rejection.index, rejection)
    if (parsed.batch.events.length === 0) return
    batches.push(parsed.batch)
    begins.push(lines[from]!.index)
  })
  return { batches, lines: begins, rejected }
}

/**
 * Reads a body of CMCD version 2 in event mode (CTA-5004-B, `application/cmcd`): one record a line, each becomes one
 * event. What our fields do not hold is kept in `ext`; unknown keys are ignored. Lines of a newer version are refused
 * with `newer_major`, so that they can be kept and read later. Never throws.
 */
export const parseCmcd = (body: string): ParsedCmcd => {
  const rejected: CmcdRejection[] = []
  const sessions = new Map<string, Line[]>()
  for (const [index, text] of body.split(/\r?\n/).entries()) {
    if (text.trim() === '') continue
    const line = readLine(text, index)
    if ('code' in line) rejected.push(line)
    else if (!sessions.get(line.sid)?.push(line)) sessions.set(line.sid, [line])
  }
  const read = [...sessions.values()].map(toBatches)
  return {
    batches: read.flatMap(({ batches }) => batches),
    lines: read.flatMap(({ lines }) => lines),
    rejected: [...rejected, ...read.flatMap(({ rejected }) => rejected)].sort((a, b) => a.index - b.index),
  }
}
