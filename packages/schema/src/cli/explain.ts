import type { Batch } from '../batch.ts'
import type { Compared } from '../view/compareTotals.ts'
import { drawTimeline, formatTime } from './drawTimeline.ts'
import { type ExplainedView, explainView } from './explainView.ts'
import { type ExitCode, paint, plural, type Terminal } from './output.ts'
import { readBatches } from './readBatches.ts'

/** A state's time may differ by this much, for the events say when it was left and the totals when they were asked. */
const NEGLIGIBLE_MS = 5

/** What events tell only nearly may differ by this share, and by as much as happens between two of them. */
const NEAR = { share: 0.05, ms: 500 }

const isNegligible = ({ name, said, gap, isEstimate }: Compared): boolean => {
  const fixed = name.endsWith('_ms') ? (isEstimate ? NEAR.ms : NEGLIGIBLE_MS) : 0
  return Math.abs(gap) <= fixed + (isEstimate ? NEAR.share * said : 0)
}

const formatTotal = (terminal: Terminal, total: Compared): string => {
  const { name, said, counted, gap, isEstimate } = total
  const unit = (value: number) => (name.endsWith('_ms') ? `${value} ms` : String(value))
  const verdict = isNegligible(total)
    ? paint(terminal, 'green', isEstimate ? 'about the same' : 'agree')
    : paint(terminal, 'red', `${gap > 0 ? '+' : ''}${unit(gap)}`)
  return `  ${name.padEnd(28)} ${unit(said).padStart(12)} ${unit(counted).padStart(12)}   ${verdict}`
}

const format = (terminal: Terminal, view: ExplainedView): string[] => {
  const { violations, totals, missing, dropped } = view
  const lost = Object.entries(dropped).filter(([, count]) => count > 0)
  return [
    `${paint(terminal, 'bold', view.view_id)}  ${view.content_id}, ${view.player}, wire version ${view.specs.join(' and ')}`,
    `${plural(view.events, 'event')} in ${plural(view.batches, 'batch', 'batches')}, ${formatTime(view.elapsed_ms)}` +
      (missing > 0 ? paint(terminal, 'red', `, ${missing.toLocaleString('en')} missing by seq`) : ''),
    ...lost.map(([reason, count]) =>
      paint(terminal, 'yellow', `${plural(count, 'event')} lost by the producer: ${reason}`),
    ),
    '',
    ...drawTimeline(terminal, view.timeline),
    '',
    !view.isNumbered
      ? 'CMCD: without rules of order and without totals to compare'
      : violations.length === 0
        ? paint(terminal, 'green', 'in order')
        : paint(terminal, 'red', 'out of order'),
    ...violations.map(({ rule, seq, message }) => `  seq ${seq}: ${message} (${rule})`),
    ...(totals.length === 0
      ? view.isNumbered
        ? ['no event carries totals']
        : []
      : [
          '',
          `  ${'newest totals'.padEnd(28)} ${'said'.padStart(12)} ${'by events'.padStart(12)}`,
          ...totals.map((total) => formatTotal(terminal, total)),
        ]),
    '',
  ]
}

/**
 * `explain [files…]`: tells the story of each view: its states over time, rules of order that it breaks, and its totals
 * against its events. Exit code 1 when a rule is broken or nothing was found.
 */
export const explain = async (
  terminal: Terminal,
  files: string[],
  { json, view: wanted }: { json?: boolean; view?: string },
): Promise<ExitCode> => {
  const byView = new Map<string, Batch[]>()
  for await (const batch of readBatches(terminal, files)) {
    if (wanted && batch.view_id !== wanted) continue
    if (!byView.get(batch.view_id)?.push(batch)) byView.set(batch.view_id, [batch])
  }
  const views = [...byView.values()].map(explainView)
  if (json) terminal.out(JSON.stringify(views, null, 2))
  else for (const view of views) for (const line of format(terminal, view)) terminal.out(line)
  if (views.length === 0) terminal.err(wanted ? `no events of view ${wanted}` : 'no events found')
  return views.length === 0 || views.some(({ violations }) => violations.length > 0) ? 1 : 0
}
