import { checkMajor } from '../compat/checkMajor.ts'
import { readVersion } from '../compat/readVersion.ts'
import { findContract } from './findContract.ts'
import { type ExitCode, paint, plural, type Terminal } from './output.ts'

/** `compat`: proves that within each major every producer is understood by every reader. Exit code 1 when one is not. */
export const compat = (terminal: Terminal, { json, dir }: { json?: boolean; dir?: string }): ExitCode => {
  const contract = findContract(dir)
  const names = [...contract.versions(), ...(contract.hasNext() ? ['next'] : [])]
  const newest = contract.versions().at(-1)?.split('.')[0]
  const majorOf = (name: string) => (name === 'next' ? newest : name.split('.')[0])
  const pairings = [...new Set(names.map(majorOf))].flatMap((major) =>
    checkMajor(
      names.filter((name) => majorOf(name) === major).map((name) => readVersion(contract.version(name))),
    ),
  )
  const broken = pairings.filter(({ gaps }) => gaps.length > 0)
  if (json) {
    terminal.out(JSON.stringify(pairings, null, 2))
    return broken.length > 0 ? 1 : 0
  }
  for (const { producer, reader, gaps } of pairings) {
    terminal.out(
      `${gaps.length === 0 ? paint(terminal, 'green', 'taken   ') : paint(terminal, 'red', 'refused ')}  ${producer} → ${reader}`,
    )
    for (const { path, reason, counterExample } of gaps) {
      terminal.out(`          ${path || 'batch'}: ${reason}`)
      if (counterExample !== undefined)
        terminal.out(`          ${paint(terminal, 'dim', JSON.stringify(counterExample))}`)
    }
  }
  terminal.out(
    broken.length === 0
      ? `${plural(names.length, 'version')}, ${plural(pairings.length, 'pair')}: what every producer sends, every reader takes`
      : `${plural(broken.length, 'pair')} of ${pairings.length} would break somebody`,
  )
  return broken.length > 0 ? 1 : 0
}
