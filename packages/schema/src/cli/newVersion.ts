import { newVersion as makeVersion } from '../publish/newVersion.ts'
import { findContract } from './findContract.ts'
import { formatChanges } from './formatChanges.ts'
import { type ExitCode, plural, type Terminal } from './output.ts'

/** `new-version`: makes the draft the next minor version. Exit code 1 when there is none, or when it breaks somebody. */
export const newVersion = (terminal: Terminal, { say, dir }: { say: string; dir?: string }): ExitCode => {
  const made = makeVersion(findContract(dir), say)
  const { changes } = made
  if (!made.ok) {
    for (const line of formatChanges(terminal, { verdict: 'breaking', changes }))
      if (changes.length > 0) terminal.out(line)
    terminal.err(made.reason)
    return 1
  }
  terminal.out(
    `${made.version}: ${plural(changes.length, 'change')}, ${plural(made.written.length, 'file')} written`,
  )
  terminal.out(`Now, in this order:
  1. src/versions/upcasters.ts: how a batch of the version before becomes one of ${made.version}, if it must change
  2. vectors/${made.version}/: valid batches with all that is new, invalid ones, and upcast.json (before, after)
  3. read the entry in CHANGELOG.md as a partner would
  4. viewbeat-schema freeze`)
  return 0
}
