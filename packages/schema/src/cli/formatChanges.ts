import type { Change, Comparison } from '../compat/compareVersions.ts'
import { paint, type Terminal } from './output.ts'

const STYLES = { breaking: 'red', additive: 'green', docs: 'dim', same: 'dim' } as const

const smallest = (example: unknown) => {
  const text = JSON.stringify(example)
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters; whole with --json)` : text
}

const formatChange = (terminal: Terminal, { kind, path, what, why, example }: Change): string[] => [
  `${paint(terminal, STYLES[kind], kind.padEnd(8))}  ${path || 'batch'}: ${what}`,
  `          ${why}`,
  ...(kind === 'breaking' && example !== undefined
    ? [`          ${paint(terminal, 'dim', smallest(example))}`]
    : []),
]

/** Lines for people about a comparison of two versions. */
export const formatChanges = (terminal: Terminal, { verdict, changes }: Comparison): string[] => [
  ...changes.flatMap((change) => formatChange(terminal, change)),
  paint(terminal, STYLES[verdict], verdict === 'docs' ? 'docs only' : verdict),
]
