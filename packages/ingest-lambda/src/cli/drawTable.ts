import { tame } from './output.ts'

/** A column of a table: its title, which side it keeps to, and whether it gives way on a narrow screen. */
export interface Column {
  title: string
  align?: 'right'
  /** The narrowest it may be cut to; absent for a column that is never cut. */
  least?: number
}

const GAP = '  '

const cut = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text)

/** Takes from the widest column that may be cut until all fit, or none may be cut further. */
const fit = (columns: readonly Column[], widths: number[], room: number) => {
  const wanted = () => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1))
  while (wanted() > room) {
    const widest = columns.reduce(
      (best, { least }, index) =>
        least !== undefined && widths[index]! > least && widths[index]! > (widths[best] ?? 0) ? index : best,
      -1,
    )
    if (widest === -1) return
    widths[widest]!--
  }
}

/** Draws rows under the titles of their columns, no wider than the screen where that can be had. */
export const drawTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] => {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(tame))]
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]!.length)))
  fit(columns, widths, width)
  return cells.map((row) =>
    row
      .map((cell, index) => {
        const text = cut(cell, widths[index]!)
        return columns[index]!.align === 'right' ? text.padStart(widths[index]!) : text.padEnd(widths[index]!)
      })
      .join(GAP)
      .trimEnd(),
  )
}
