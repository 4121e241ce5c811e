import { paint, type Terminal } from '@viewbeat/ingest-lambda/cli'
import type { Stretch } from '@viewbeat/qoe'

type Style = Parameters<typeof paint>[1]

/** How a state is drawn: by its own character, so that it can be told without colours too. */
const LOOKS: Record<string, [character: string, style: Style]> = {
  preloading: ['·', 'dim'],
  starting: ['░', 'cyan'],
  playing: ['█', 'green'],
  seeking: ['▸', 'cyan'],
  rebuffering: ['▒', 'yellow'],
  paused: ['─', 'dim'],
  ended: ['·', 'dim'],
  failed: ['×', 'red'],
}

const UNKNOWN: [string, Style] = ['?', 'dim']

/** How a state is coloured. */
export const styleOf = (state: string): Style => (LOOKS[state] ?? UNKNOWN)[1]

/** What is drawn of two states that share a column: a stall must not vanish in an hour of playing. */
const WEIGHT = ['failed', 'rebuffering', 'starting', 'seeking']

const heaviest = (spans: readonly Stretch[]): string =>
  WEIGHT.find((state) => spans.some((span) => span.state === state)) ??
  spans.toSorted((a, b) => b.to_ms - b.from_ms - (a.to_ms - a.from_ms))[0]?.state ??
  ''

/** The states of a view as a bar of `width` characters, and what they mean. */
export const drawBar = (terminal: Terminal, spans: readonly Stretch[], width: number): string[] => {
  const [first, last] = [spans[0], spans.at(-1)]
  const length = first && last ? last.to_ms - first.from_ms : 0
  if (!first || length === 0) return []
  const columns = Array.from({ length: width }, (_, column) => {
    const from = first.from_ms + (length * column) / width
    const to = first.from_ms + (length * (column + 1)) / width
    return heaviest(spans.filter((span) => span.from_ms < to && span.to_ms > from))
  })
  const bar = columns.map((state) => {
    const [character, style] = LOOKS[state] ?? UNKNOWN
    return paint(terminal, style, character)
  })
  const legend = [...new Set(columns)].map((state) => {
    const [character, style] = LOOKS[state] ?? UNKNOWN
    return `${paint(terminal, style, character)} ${paint(terminal, 'dim', state)}`
  })
  return [bar.join(''), legend.join('  ')]
}
