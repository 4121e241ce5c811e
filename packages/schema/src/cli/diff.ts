import { compareVersions } from '../compat/compareVersions.ts'
import { readVersion } from '../compat/readVersion.ts'
import { findContract, findVersion } from './findContract.ts'
import { formatChanges } from './formatChanges.ts'
import type { ExitCode, Terminal } from './output.ts'

/** `diff A B`: says every difference between two versions, and how grave it is. Exit code 1 when something breaks. */
export const diff = (
  terminal: Terminal,
  before: string,
  after: string,
  { json, dir }: { json?: boolean; dir?: string },
): ExitCode => {
  const contract = findContract(dir)
  const [a, b] = [before, after].map((name) => readVersion(findVersion(contract, name)))
  const comparison = compareVersions(a!, b!)
  if (json) terminal.out(JSON.stringify(comparison, null, 2))
  else for (const line of formatChanges(terminal, comparison)) terminal.out(line)
  return comparison.verdict === 'breaking' ? 1 : 0
}
