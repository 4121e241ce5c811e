import { SILENCE_MS } from '@viewbeat/qoe'
import type { Found, Refused } from './found.ts'

/**
 * Why events are not there. `quarantined`: refused, and kept. `dropped`: the producer says that it lost as many, or more.
 * `not_yet`: the view was heard of a moment ago, and they may still come. `unclear`: the producer says that it lost some of
 * these. `missing`: nobody knows.
 */
export type GapReason = 'quarantined' | 'dropped' | 'not_yet' | 'unclear' | 'missing'

/** Events of a view that are not there, by their numbers. */
export interface Gap {
  from_seq: number
  to_seq: number
  events: number
  why: GapReason
  /** The first of the reasons for which they were refused. */
  refused?: Refused[]
}

/** A view's account: `captured` = delivered + quarantined + dropped + missing, unless more was reported lost than is missing. */
export interface Account {
  /** How many events the view had, as far as anybody knows; absent where numbers have gaps by themselves, as those of CMCD. */
  captured?: number
  /** Neither there, nor refused, nor reported lost. */
  missing: number
  /** `dropped`: as the producer says. */
  accounting: { delivered: number; quarantined: number; dropped: number }
}

interface Range {
  from: number
  to: number
}

/** How many reasons a gap shows. */
const MAX_SHOWN = 5

const lengthOf = ({ from, to }: Range) => to - from + 1

/** The ranges of 0 to `last` that `seqs`, ascending, leave open. */
const rangesBetween = (seqs: readonly number[], last: number): Range[] => {
  const ranges: Range[] = []
  let next = 0
  for (const seq of [...seqs, last + 1]) {
    if (seq > next) ranges.push({ from: next, to: seq - 1 })
    next = Math.max(next, seq + 1)
  }
  return ranges
}

/** Cuts a range where numbers that were refused begin and end. */
const splitByRefused = (range: Range, refused: readonly number[]): (Range & { isRefused: boolean })[] => {
  const inside = refused.filter((seq) => seq >= range.from && seq <= range.to)
  const runs: (Range & { isRefused: boolean })[] = []
  let next = range.from
  for (const seq of inside) {
    const last = runs.at(-1)
    if (last?.isRefused && last.to === seq - 1) last.to = seq
    else {
      if (seq > next) runs.push({ from: next, to: seq - 1, isRefused: false })
      runs.push({ from: seq, to: seq, isRefused: true })
    }
    next = seq + 1
  }
  if (next <= range.to) runs.push({ from: next, to: range.to, isRefused: false })
  return runs
}

/**
 * Finds the numbers of a view that are not there, says of each why as far as it can be known, and adds the view up. `seqs`
 * are those that are there, ascending, each once. What lies behind the newest event that anybody knows of cannot be seen.
 */
export const findGaps = (
  { view, refused = [] }: Pick<Found, 'view' | 'refused'>,
  seqs: readonly number[],
  now: number,
): Account & { gaps: Gap[] } => {
  const delivered = seqs.length
  const dropped = Object.values(view.dropped).reduce((sum, events) => sum + events, 0)
  const there = new Set(seqs)
  const numbers = new Set(refused.flatMap(({ seq }) => (seq === null || there.has(seq) ? [] : [seq])))
  const refusedSeqs = [...numbers].toSorted((a, b) => a - b)
  if (view.sdk.name === 'cmcd')
    return { gaps: [], missing: 0, accounting: { delivered, quarantined: refusedSeqs.length, dropped } }

  const last = Math.max(view.seq, seqs.at(-1) ?? -1, refusedSeqs.at(-1) ?? -1)
  const runs = rangesBetween(seqs, last).flatMap((range) => splitByRefused(range, refusedSeqs))
  const unaccounted = runs.reduce((sum, run) => sum + (run.isRefused ? 0 : lengthOf(run)), 0)
  const mayCome = view.outcome === 'open' || now - view.received_at < SILENCE_MS
  const otherwise: GapReason =
    dropped >= unaccounted ? 'dropped' : dropped > 0 ? 'unclear' : mayCome ? 'not_yet' : 'missing'

  const gaps = runs.map((run): Gap => {
    const gap = { from_seq: run.from, to_seq: run.to, events: lengthOf(run) }
    if (!run.isRefused) return { ...gap, why: otherwise }
    const reasons = refused.filter(({ seq }) => seq !== null && seq >= run.from && seq <= run.to)
    return { ...gap, why: 'quarantined', refused: reasons.slice(0, MAX_SHOWN) }
  })
  return {
    gaps,
    captured: last + 1,
    missing: Math.max(0, unaccounted - dropped),
    accounting: { delivered, quarantined: refusedSeqs.length, dropped },
  }
}
