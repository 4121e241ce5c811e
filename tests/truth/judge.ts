import type { Claims } from './claims.ts'
import type { Span, Truth } from './witness.ts'

/** How far a claim may be from the truth, ms, apart from one frame. */
export const TOLERANCE_MS = 60

const overlaps = (a: Span, b: Span) => a.begin < b.end && b.begin < a.end

/** What of the claims is not so: a line for each. */
export const judge = (truth: Truth, claims: Claims): string[] => {
  const allowed = TOLERANCE_MS + truth.frame_ms
  const faults: string[] = []
  const compare = (name: string, seen: number | undefined, said: number | undefined, within = allowed) => {
    if (seen === undefined && said === undefined) return
    if (seen !== undefined && said !== undefined && Math.abs(said - seen) <= within) return
    faults.push(`${name}: ${seen?.toFixed(0)} in truth, ${said?.toFixed(0)} by the SDK`)
  }
  const each = <T>(
    name: string,
    seen: T[],
    said: T[],
    measures: { [measure: string]: (item: T) => number },
  ) => {
    if (seen.length !== said.length)
      return faults.push(`${name}s: ${seen.length} in truth, ${said.length} by the SDK`)
    seen.forEach((item, index) => {
      for (const [measure, of] of Object.entries(measures))
        compare(`${name} ${index + 1} ${measure}`, of(item), of(said[index]!))
    })
  }

  const isIn = (spans: Span[], stall: Span) => spans.some((span) => overlaps(span, stall))
  const stalls = claims.stalls.filter((stall) => isIn(truth.stalls, stall) || !isIn(truth.doubtful, stall))
  compare('startup', truth.startup_ms, claims.startup_ms)
  compare('failure', truth.failed_at, claims.failed_at)
  each('stall', truth.stalls, stalls, { begin: ({ begin }) => begin, ms: ({ begin, end }) => end - begin })
  each('seek', truth.seeks, claims.seeks ?? [], { latency: ({ asked, end }) => end - asked })
  each('switch', truth.switches, claims.switches ?? [], { at: ({ at }) => at, width: ({ width }) => width })
  // What may be called a stall may be called played.
  const doubted = truth.doubtful.reduce((sum, { begin, end }) => sum + end - begin, 0)
  const played = truth.played_ms + Math.min(doubted, Math.max(0, (claims.played_ms ?? 0) - truth.played_ms))
  // A frame more for each time that it began anew: what is a frame off at each end adds up.
  const anew = truth.stalls.length + truth.resumes.length + truth.seeks.length
  compare('played', played, claims.played_ms, allowed + anew * truth.frame_ms)
  return faults
}
