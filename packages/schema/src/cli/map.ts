import { toCmcd } from '../cmcd/toCmcd.ts'
import { type ExitCode, paint, plural, type Terminal, UsageError } from './output.ts'
import { readBatches } from './readBatches.ts'

/**
 * `map --to cmcd [files…]`: says events as lines of CMCD on stdout, and on stderr what CMCD has no place for. With
 * `--json` both together, one object for each event.
 */
export const map = async (
  terminal: Terminal,
  files: string[],
  { to, json }: { to: string; json?: boolean },
): Promise<ExitCode> => {
  if (to !== 'cmcd') throw new UsageError(`--to ${to}: expected cmcd`)
  const lost = new Map<string, number>()
  let [said, unsaid] = [0, 0]
  for await (const batch of readBatches(terminal, files))
    for (const mapped of toCmcd(batch)) {
      if (json) terminal.out(JSON.stringify(mapped))
      else if (mapped.line !== undefined) terminal.out(mapped.line)
      if (mapped.line === undefined) {
        unsaid++
        lost.set(mapped.type, (lost.get(mapped.type) ?? 0) + 1)
      } else {
        said++
        for (const field of mapped.lost)
          lost.set(`${mapped.type}.${field}`, (lost.get(`${mapped.type}.${field}`) ?? 0) + 1)
      }
    }
  if (json) return 0
  for (const [name, times] of [...lost].sort(([, a], [, b]) => b - a))
    terminal.err(`${paint(terminal, 'yellow', 'lost')} ${name}: ${plural(times, 'time')}`)
  terminal.err(`${plural(said, 'event')} as CMCD, ${unsaid} with no CMCD event at all`)
  return 0
}
