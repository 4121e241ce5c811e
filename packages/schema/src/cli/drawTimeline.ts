import type { Stretch } from '../view/stateTimeline.ts'
import { paint, type Terminal } from './output.ts'

type State = Stretch['state']
type Style = Parameters<typeof paint>[1]

/** How each state is drawn. What matters more comes first: a column that holds several states shows the first of them. */
const LOOKS: readonly (readonly [state: State, sign: string, style: Style])[] = [
  ['failed', '×', 'red'],
  ['rebuffering', '!', 'red'],
  ['seeking', '»', 'yellow'],
  ['starting', '▒', 'cyan'],
  ['paused', '-', 'dim'],
  ['ended', '□', 'dim'],
  ['quit', '□', 'dim'],
  ['preloading', '·', 'dim'],
  ['playing', '█', 'green'],
]

const signOf = (terminal: Terminal, state: State): string => {
  const [, sign, style] = LOOKS.find(([name]) => name === state)!
  return paint(terminal, style, sign)
}

/** `83 ms`, `4.2 s`, `1:02:03`. */
export const formatTime = (ms: number): string => {
  if (ms < 1000) return `${ms} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (number: number) => String(number).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** Draws the states of a view as a bar as wide as the screen, and says how long each lasted in all. */
export const drawTimeline = (terminal: Terminal, timeline: readonly Stretch[]): string[] => {
  const end = timeline.at(-1)?.to_ms ?? 0
  const begin = timeline[0]?.from_ms ?? 0
  const width = Math.max(20, Math.min(terminal.columns - 4, 120))
  const columns = Array.from({ length: width }, (_, column) => {
    const from = begin + ((end - begin) * column) / width
    const to = begin + ((end - begin) * (column + 1)) / width
    const inside = timeline.filter(({ from_ms, to_ms }) => from_ms < to && to_ms > from)
    const state = LOOKS.find(([name]) => inside.some((stretch) => stretch.state === name))?.[0]
    return state ? signOf(terminal, state) : ' '
  })
  const times = new Map<State, { ms: number; times: number }>()
  for (const { state, from_ms, to_ms } of timeline) {
    const before = times.get(state) ?? { ms: 0, times: 0 }
    times.set(state, { ms: before.ms + to_ms - from_ms, times: before.times + 1 })
  }
  const legend = [...times].map(
    ([state, { ms, times: count }]) =>
      `${signOf(terminal, state)} ${state} ${formatTime(ms)}${count > 1 ? ` (${count} times)` : ''}`,
  )
  return [columns.join(''), legend.join('   ')]
}
