import { paint, type Terminal, tame } from '@viewbeat/ingest-lambda/cli'
import { styleOf } from './drawBar.ts'
import type { FoundEvent } from './found.ts'
import { NONE, toClock, toOffset } from './words.ts'

/** What every event has, what its batch says for all of them, and what is drawn in a place of its own. */
const ELSEWHERE = new Set([
  ...['seq', 'type', 'ts', 't_ms', 'playhead_ms', 'playhead_kind', 'state', 'stored_at', 'totals'],
  ...['view_id', 'visit_id', 'publisher', 'received_at', 'sent_at', 'spec', 'sdk', 'client', 'context'],
  ...['dropped', 'upcast_from'],
])

/** Longer values are cut. */
const MAX_VALUE = 60

const group = new Intl.NumberFormat('en')

const UNITS: [RegExp, string, number][] = [
  [/_ms$/, 'ms', 1],
  [/_bps$/, 'kbit/s', 1000],
  [/_px$/, 'px', 1],
  [/_bytes$/, 'B', 1],
]

const drawValue = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return tame(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text)
}

const drawField = (name: string, value: unknown): string => {
  const [ending, unit, by] = UNITS.find(([ending]) => ending.test(name)) ?? []
  if (typeof value !== 'number' || !ending) return `${tame(name)} ${drawValue(value)}`
  return `${tame(name.replace(ending, ''))} ${group.format(Math.round(value / by!))} ${unit}`
}

/** What an event says beyond what every event does, in words. */
const drawFields = (event: FoundEvent): string[] =>
  Object.entries(event)
    .filter(([name, value]) => !ELSEWHERE.has(name) && value !== undefined)
    .map(([name, value]) => drawField(name, value))

const toPlayhead = ({ playhead_ms, playhead_kind }: FoundEvent) => {
  if (playhead_ms === null) return NONE
  return playhead_kind === 'epoch' ? toClock(playhead_ms) : toOffset(Math.max(0, playhead_ms))
}

const SEPARATOR = ' · '

/** Words one after another, in lines of at most `width` characters where that can be. */
const flow = (words: readonly string[], width: number): string[] => {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + SEPARATOR.length + word.length <= width)
      lines[lines.length - 1] = `${last}${SEPARATOR}${word}`
    else lines.push(word)
  }
  return lines
}

/** Columns before the name of an event, and the least that its name has. */
const INDENT = 47
const NAME_WIDTH = 19

/** Fewer than that are no place to write. */
const LEAST_WIDTH = 30

/** Draws an event: when, where in the media, in which state, what. `isStall`: it begins a stall, is in one, or ends one. */
export const drawEvent = (terminal: Terminal, event: FoundEvent, isStall: boolean): string[] => {
  const { t_ms, state, seq, type } = event
  const columns = [
    toOffset(t_ms).padStart(10),
    toPlayhead(event).padStart(12),
    paint(terminal, styleOf(state), state.padEnd(11)),
    paint(terminal, 'dim', `#${seq}`.padStart(5)),
  ].join('  ')
  const name = tame(type).padEnd(NAME_WIDTH)
  const style = type === 'error' || state === 'failed' ? 'red' : isStall ? 'yellow' : undefined
  const indent = INDENT + Math.max(NAME_WIDTH, name.length)
  const [first = '', ...more] = flow(drawFields(event), Math.max(LEAST_WIDTH, terminal.columns - indent))
  const edge = isStall ? paint(terminal, 'yellow', '▌') : ' '
  return [
    `${edge}${columns}  ${style ? paint(terminal, style, name) : name}${paint(terminal, 'dim', first)}`,
    ...more.map((line) => `${edge}${' '.repeat(indent - 1)}${paint(terminal, 'dim', line)}`),
  ].map((line) => line.trimEnd())
}
