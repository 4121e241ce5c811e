import { checkFrozen, freeze as freezeFiles } from '../publish/freeze.ts'
import { findContract } from './findContract.ts'
import { type ExitCode, paint, plural, type Terminal } from './output.ts'

/** `freeze`: adds what is published to the lock. `--check` compares instead, and answers 1 when something changed. */
export const freeze = (
  terminal: Terminal,
  { check, json, dir }: { check?: boolean; json?: boolean; dir?: string },
): ExitCode => {
  const contract = findContract(dir)
  const { changed, unfrozen, frozen } = checkFrozen(contract)
  if (changed.length > 0 || check) {
    if (json) terminal.out(JSON.stringify({ changed, unfrozen, frozen }, null, 2))
    else {
      for (const { path, how } of changed) terminal.out(`${paint(terminal, 'red', how.padEnd(8))}  ${path}`)
      for (const path of unfrozen) terminal.out(`${paint(terminal, 'yellow', 'new     ')}  ${path}`)
      terminal.out(
        changed.length === 0
          ? `${plural(frozen, 'published file')}, all as they were`
          : 'Published files never change: put them back, and publish a new version instead',
      )
    }
    return changed.length > 0 ? 1 : 0
  }
  const added = freezeFiles(contract)
  if (json) terminal.out(JSON.stringify({ added }, null, 2))
  else terminal.out(`${plural(added.length, 'file')} frozen, ${frozen + added.length} in all`)
  return 0
}
