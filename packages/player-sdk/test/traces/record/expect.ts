import type { Call, Truth } from '../../../../../tests/truth/witness.ts'
import type { Expected } from '../trace.ts'

type Stretch = [state: string, from: number, to: number]

/** Puts a state over what was there between two times. */
const paint = (states: Stretch[], [state, from, to]: Stretch): Stretch[] => [
  ...states.flatMap(([other, begin, end]): Stretch[] => [
    [other, begin, Math.min(end, from)],
    [other, Math.max(begin, to), end],
  ]),
  [state, from, to],
]

/** From each call of a name to the next `play`. */
const until = (calls: Call[], name: Call['name'], end: number) =>
  calls.flatMap((call, index) =>
    call.name === name
      ? [{ begin: call.at, end: calls.slice(index).find(({ name }) => name === 'play')?.at ?? end }]
      : [],
  )

/** What is right of a view, as somebody saw it who looked at nothing but the frames and at what was asked for. `from`: when the trace begins. */
export const expectTruth = (truth: Truth, calls: Call[], from: number, end: number): Expected => {
  const { asked = from, startup_ms = 0, stalls, seeks, resumes, switches, failed_at } = truth
  const begun = asked + startup_ms
  const spans = (state: string, all: { begin: number; end: number }[]) =>
    all.map(({ begin, end }): Stretch => [state, begin, end])
  const states = [
    ...spans('paused', until(calls, 'pause', end)),
    ...spans('ended', until(calls, 'ended', end)),
    ...spans('starting', resumes),
    ...spans('rebuffering', stalls),
    ...spans('seeking', seeks),
    ...spans('failed', failed_at === undefined ? [] : [{ begin: failed_at, end }]),
  ].reduce<Stretch[]>(paint, [
    ['preloading', from, asked],
    ['starting', asked, begun],
    ['playing', begun, end],
  ])
  const since = (at: number) => Math.round(at - from)
  const endedBy = (at: number) => {
    if (at >= end) return 'exit'
    return (
      { pause: 'pause', seek: 'seek' }[
        calls.find((call) => Math.abs(call.at - at) < 1)?.name as 'pause' | 'seek'
      ] ?? 'resume'
    )
  }
  return {
    states: states
      .map(([state, begin, to]): Stretch => [state, since(begin), since(to)])
      .filter(([, begin, to]) => to > begin)
      .sort(([, a], [, b]) => a - b),
    rebuffers: stalls.map(({ begin, end }) => ({
      at_ms: since(begin),
      duration_ms: Math.round(end - begin),
      ended_by: endedBy(end),
    })),
    totals: { seek_count: seeks.length, startup_ms: Math.round(startup_ms) },
    ...(switches.length > 0 && {
      events: switches.map(({ at, width, height }) => ({
        type: 'rendition_change' as const,
        at_ms: since(at),
        width_px: width,
        height_px: height,
      })),
    }),
    ...(seeks.length === 0 && { never: ['seek_start' as const] }),
  }
}
