import { findContract } from './findContract.ts'
import { judge, type Problem, type Verdict } from './judge.ts'
import { type ExitCode, paint, plural, type Terminal } from './output.ts'
import { readInput, toFormat } from './readInput.ts'

/** What the command line says about how to validate. */
export interface ValidateOptions {
  json?: boolean
  strict?: boolean
  all?: boolean
  format?: string
  dir?: string
}

const PROGRESS_EVERY_MS = 500

const formatProblem = (terminal: Terminal, { code, path, message, received, hint }: Problem): string =>
  [
    `  ${paint(terminal, 'red', code)} at ${path || 'the whole'}: ${message}${received === undefined ? '' : `, received ${received}`}`,
    ...(hint ? [`    ${paint(terminal, 'cyan', hint)}`] : []),
  ].join('\n')

const formatVerdict = (
  terminal: Terminal,
  { file, line, ok, events, accepted, problems }: Verdict,
): string => {
  const where = `${file === '-' ? 'stdin' : file}:${line}`
  if (ok) return `${where}: ${paint(terminal, 'green', 'good')}, ${plural(events, 'event')}`
  const taken = accepted > 0 ? `${accepted} of ${plural(events, 'event')} good` : 'refused'
  return [`${where}: ${taken}`, ...problems.map((problem) => formatProblem(terminal, problem))].join('\n')
}

/** Counts as it goes, so that any amount of input is summed up in little memory. */
const createSummary = () => {
  const sum = { lines: 0, bad: 0, events: 0, accepted: 0, bytes: 0 }
  const unknown = new Map<string, number>()
  return {
    sum,
    unknown,
    add: (verdict: Verdict, bytes: number) => {
      sum.lines++
      sum.bytes += bytes
      sum.events += verdict.events
      sum.accepted += verdict.accepted
      if (!verdict.ok) sum.bad++
      for (const name of verdict.unknown)
        if (unknown.size < 1000 || unknown.has(name)) unknown.set(name, (unknown.get(name) ?? 0) + 1)
    },
  }
}

const drawProgress = (
  terminal: Terminal,
  { lines, bad, bytes }: { lines: number; bad: number; bytes: number },
) =>
  terminal.status(`${(bytes / 1e6).toFixed(0)} MB, ${plural(lines, 'line')}, ${bad.toLocaleString('en')} bad`)

/**
 * `validate [files…]`: the ingest's verdict on each line, and why. Exit code 1 when something would be refused. With
 * `--strict` also what it would take, but what the producer's wire version does not have.
 */
export const validate = async (
  terminal: Terminal,
  files: string[],
  { json, strict, all, format, dir }: ValidateOptions,
): Promise<ExitCode> => {
  // What only --strict needs takes time to load.
  const more = strict ? (await import('./strictFaults.ts')).strictFaults(findContract(dir)) : undefined
  const { sum, unknown, add } = createSummary()
  let drawn = Date.now()
  for await (const piece of readInput(terminal, files, format === undefined ? undefined : toFormat(format))) {
    const verdict = judge(piece, more)
    add(verdict, piece.text.length + 1)
    if (json) terminal.out(JSON.stringify(verdict))
    else if (!verdict.ok || all) terminal.out(formatVerdict(terminal, verdict))
    if (terminal.interactive && sum.lines % 256 === 0 && Date.now() - drawn > PROGRESS_EVERY_MS) {
      drawn = Date.now()
      drawProgress(terminal, sum)
    }
  }
  terminal.status('')
  if (sum.lines === 0) {
    terminal.err('nothing to judge: no line in the input')
    return 1
  }
  if (!json) {
    for (const [name, times] of [...unknown].sort(([, a], [, b]) => b - a))
      terminal.out(`${paint(terminal, 'yellow', 'unknown')} ${name}: kept, ${plural(times, 'time')}`)
    const verdict =
      sum.bad === 0
        ? paint(terminal, 'green', 'all good')
        : paint(terminal, 'red', `${plural(sum.bad, 'line')} bad`)
    terminal.out(
      `${plural(sum.lines, 'line')}, ${plural(sum.events, 'event')}: ${sum.accepted.toLocaleString('en')} good, ` +
        `${(sum.events - sum.accepted).toLocaleString('en')} refused. ${verdict}`,
    )
  }
  return sum.bad > 0 ? 1 : 0
}
