import { compareVersions } from '../compat/compareVersions.ts'
import { readVersion } from '../compat/readVersion.ts'
import { generate as generateFiles } from '../publish/generate.ts'
import { findContract } from './findContract.ts'
import { formatChanges } from './formatChanges.ts'
import { type ExitCode, paint, plural, type Terminal } from './output.ts'

/**
 * `generate`: writes everything that follows from the Zod schemas and says what the change means. `--check` writes
 * nothing and answers 1 when something would change.
 */
export const generate = (terminal: Terminal, { check, dir }: { check?: boolean; dir?: string }): ExitCode => {
  const contract = findContract(dir)
  const { target, version, changed } = generateFiles(contract, { check: check ?? false })
  if (check) {
    for (const path of changed) terminal.out(`${paint(terminal, 'red', 'differs ')}  ${path}`)
    terminal.out(changed.length > 0 ? 'Run `npm run generate` and commit' : 'Generated files are up to date')
    return changed.length > 0 ? 1 : 0
  }
  terminal.out(`${target}: ${plural(changed.length, 'file')} changed`)
  const before = contract
    .versions()
    .filter((name) => name !== target)
    .at(-1)
  if (!before) return 0
  terminal.out(`wire version ${version} against ${before}:`)
  const comparison = compareVersions(
    readVersion(contract.version(before)),
    readVersion(contract.version(target)),
  )
  for (const line of formatChanges(terminal, comparison)) terminal.out(line)
  return comparison.verdict === 'breaking' ? 1 : 0
}
