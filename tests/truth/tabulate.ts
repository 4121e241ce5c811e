import { judge } from './judge.ts'
import type { Played, View } from './playScenario.ts'
import type { Span } from './witness.ts'

const COLUMNS = [9, 34, 90]

const row = (...cells: (string | number)[]) =>
  cells
    .map((cell, index) => {
      const text = typeof cell === 'number' ? cell.toFixed(0) : cell
      return index ? text.padEnd(COLUMNS[index]!) : text.padStart(COLUMNS[0]!)
    })
    .join('  ')
    .trimEnd()

const fieldsOf = (event: Played['events'][number]) => {
  const { type, seq, ts, t_ms, view_id, seen_at, playhead_ms, playhead_kind, state, ...rest } = event
  const fields = 'totals' in rest ? '' : ` ${JSON.stringify(rest)}`
  return `${type} → ${state} @${playhead_ms}${fields}`
}

/** What was called, seen on screen and said by the SDK, in the order of the page's time, ms since tracked. */
const story = ({ log, views, trackedAt }: Played, withFrames: boolean) => {
  const lines: { at: number; seen: string; said: string }[] = []
  const see = (at: number, seen: string) => lines.push({ at: at - trackedAt, seen, said: '' })
  const seeSpan = (name: string, { begin, end }: Span) => {
    see(begin, `${name} begins`)
    see(end, `${name} ends, ${(end - begin).toFixed(0)} ms`)
  }
  for (const { name, at, to } of log.calls) see(at, `call: ${name}${to === undefined ? '' : ` ${to} s`}`)
  if (withFrames)
    for (const frame of log.frames)
      see(
        frame.presentationTime,
        `frame ${frame.presentedFrames} ${frame.mediaTime.toFixed(3)} now+${(frame.now - frame.presentationTime).toFixed(0)} due+${(frame.expectedDisplayTime - frame.presentationTime).toFixed(0)}`,
      )
  for (const { truth, events, trackedAt: beganAt } of views) {
    for (const { at, width, height } of truth.switches) see(at, `switch to ${width}x${height}`)
    for (const span of truth.stalls) seeSpan('STALL', span)
    for (const span of truth.doubtful) seeSpan('still?', span)
    for (const span of truth.resumes) seeSpan('resume', span)
    for (const span of truth.seeks) seeSpan('seek', span)
    if (truth.failed_at !== undefined) see(truth.failed_at, 'STOPS')
    const { asked = 0, painted_ms, startup_ms } = truth
    if (painted_ms !== undefined) see(asked + painted_ms, 'first frame')
    if (startup_ms !== undefined) see(asked + startup_ms, 'moves')
    for (const event of events) {
      const at = beganAt + event.t_ms
      const late = event.seen_at - at > 30 ? ` (said ${(event.seen_at - trackedAt).toFixed(0)})` : ''
      lines.push({ at: at - trackedAt, seen: '', said: fieldsOf(event) + late })
    }
  }
  return lines.toSorted((a, b) => a.at - b.at).map(({ at, seen, said }) => row(at, seen, said))
}

/** Each measure beside its truth. */
const measures = ({ truth, claims }: View, trackedAt: number) => {
  const since = (at?: number) => at && at - trackedAt
  const lines: [string, number | undefined, number | undefined][] = [
    ['startup_ms', truth.startup_ms, claims.startup_ms],
    ['played_ms', truth.played_ms, claims.played_ms],
    ['rough_ms', truth.rough_ms, undefined],
    ['failed at', since(truth.failed_at), since(claims.failed_at)],
    ['stalls', truth.stalls.length, claims.stalls.length],
  ]
  const each = <T extends object>(name: string, of: (item: T) => number, seen: T[] = [], said: T[] = []) => {
    for (let i = 0; i < Math.max(seen.length, said.length); i++)
      lines.push([`${name} ${i + 1}`, seen[i] && of(seen[i]!), said[i] && of(said[i]!)])
  }
  const length = ({ begin, end }: Span) => end - begin
  each('stall begin', ({ begin }) => begin - trackedAt, truth.stalls, claims.stalls)
  each('stall ms', length, truth.stalls, claims.stalls)
  each('seek ms', length, truth.seeks, claims.seeks)
  each('switch at', ({ at }) => at - trackedAt, truth.switches, claims.switches)
  const show = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(0))
  return lines.map(([name, seen, said]) => {
    const off = seen === undefined || said === undefined ? '' : (said - seen).toFixed(0)
    return `${name.padEnd(16)}${show(seen).padStart(9)}${show(said).padStart(9)}${off.padStart(9)}`
  })
}

/** A scene as tables: what happened beside what was said, and of each view each measure beside its truth. */
export const tabulate = (played: Played, withFrames: boolean) =>
  [
    `${'t ms'.padStart(COLUMNS[0]!)}  ${'on screen'.padEnd(COLUMNS[1]!)}  by the SDK`,
    ...story(played, withFrames),
    ...played.views.flatMap((view) => [
      '',
      `${''.padEnd(16)}${'truth'.padStart(9)}${'SDK'.padStart(9)}${'off'.padStart(9)}   (frame ${view.truth.frame_ms.toFixed(0)} ms)`,
      ...measures(view, played.trackedAt),
      ...judge(view.truth, view.claims).map((fault) => `WRONG  ${fault}`),
    ]),
    ...played.complaints.map((complaint) => `PAGE   ${complaint}`),
  ].join('\n')
