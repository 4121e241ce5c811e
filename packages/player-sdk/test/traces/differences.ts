import { totalNumbers } from './totalNumbers.ts'
import type { Expected } from './trace.ts'
import type { Observed } from './viewsOf.ts'

const isTime = (name: string) => /_ms$/.test(name)

type Timeline = [string, number, number][]

/** Whether two timelines agree; a stretch as short as the tolerance may be in one of them only. */
const isSameTimeline = (one: Timeline, other: Timeline, tolerance: number): boolean => {
  const [[first, ...rest], [second, ...others]] = [one, other]
  if (!first && !second) return true
  const isNear = (a: number, b: number) => Math.abs(a - b) <= tolerance
  if (
    first &&
    second &&
    first[0] === second[0] &&
    isNear(first[1], second[1]) &&
    isNear(first[2], second[2]) &&
    isSameTimeline(rest, others, tolerance)
  )
    return true
  const isShort = (stretch: Timeline[number] | undefined) => !!stretch && isNear(stretch[1], stretch[2])
  return (
    (isShort(first) && isSameTimeline(rest, other, tolerance)) ||
    (isShort(second) && isSameTimeline(one, others, tolerance))
  )
}

/** What an SDK made of a view, held against what is right; one line for each difference. */
export const differences = (
  { states, rebuffers, totals = {}, events = [], counts = {}, never = [], context = {} }: Expected,
  observed: Observed,
  tolerance: number,
): string[] => {
  const found: string[] = []
  const differ = (what: string, expected: unknown, was: unknown) =>
    found.push(`${what}: expected ${JSON.stringify(expected)}, was ${JSON.stringify(was)}`)
  const isNear = (one: unknown, other: unknown) =>
    typeof one === 'number' && typeof other === 'number' && Math.abs(one - other) <= tolerance
  /** Whether something is as expected, and has what is expected, whatever else it has. */
  const isLike = (expected: unknown, was: unknown, key = ''): boolean =>
    expected && typeof expected === 'object'
      ? Object.entries(expected).every(([key, value]) =>
          isLike(value, (was as Record<string, unknown> | undefined)?.[key], key),
        )
      : isTime(key) && typeof expected === 'number'
        ? isNear(expected, was)
        : (expected ?? undefined) === was

  if (states) {
    const same = isSameTimeline(states, observed.states, tolerance)
    if (!same) differ('states', states, observed.states)
    // What the events tell the totals tell too.
    for (const state of new Set(states.map(([name]) => name))) {
      const stretches = states.filter(([name]) => name === state)
      const ms = stretches.reduce((sum, [, from, to]) => sum + to - from, 0)
      const said = totalNumbers(observed.totals)[`${state}_ms`] ?? 0
      if (Math.abs(said - ms) > tolerance * 2 * stretches.length) differ(`totals.${state}_ms`, ms, said)
    }
  }
  if (rebuffers) {
    const same =
      rebuffers.length === observed.rebuffers.length &&
      rebuffers.every(({ at_ms, duration_ms, ended_by, detected_by }, index) => {
        const was = observed.rebuffers[index]!
        return (
          isNear(at_ms, was.at_ms) &&
          isNear(duration_ms, was.duration_ms) &&
          ended_by === was.ended_by &&
          (!detected_by || detected_by.includes(was.detected_by!))
        )
      })
    if (!same) differ('rebuffers', rebuffers, observed.rebuffers)
    const count = observed.totals.rebuffer_count ?? 0
    if (count !== rebuffers.length) differ('totals.rebuffer_count', rebuffers.length, count)
  }
  const said = totalNumbers(observed.totals)
  for (const [name, expected] of Object.entries(totals)) {
    const was = said[name]
    const right =
      expected === null
        ? was === undefined
        : Array.isArray(expected)
          ? (was ?? 0) >= expected[0] && (was ?? 0) <= expected[1]
          : isTime(name)
            ? isNear(was ?? 0, expected)
            : (was ?? 0) === Number(expected)
    if (!right) differ(`totals.${name}`, expected, was)
  }
  let from = 0
  for (const { type, ...fields } of events) {
    const index = observed.events.findIndex(
      (event, place) => place >= from && event.type === type && isLike(fields, event),
    )
    if (index >= 0) from = index + 1
    else
      differ(
        'event',
        { type, ...fields },
        observed.events.slice(from).filter((event) => event.type === type),
      )
  }
  for (const type of never) {
    const wrong = observed.events.filter((event) => event.type === type)
    if (wrong.length > 0) differ(`no ${type}`, [], wrong)
  }
  for (const [type, count] of Object.entries(counts)) {
    const all = observed.events.filter((event) => event.type === type)
    if (all.length !== count) differ(`number of ${type}`, count, all)
  }
  if (!isLike(context, observed.context)) differ('context', context, observed.context)
  return found
}
