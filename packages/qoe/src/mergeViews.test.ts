import type { FlatEvent, ViewRecord } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { arbitraryView, fc } from '../../schema/test/arbitraryView.ts'
import { toFlat } from '../test/toFlat.ts'
import { carriesTotals, foldView } from './foldView.ts'
import { mergeViews } from './mergeViews.ts'

/** Events as stores get them: some twice, the copy later than the original or with it, in any order. */
const delivered = arbitraryView.chain(({ events }) => {
  const flat = toFlat(events)
  return fc.tuple(fc.subarray(flat), fc.constantFrom(0, 1, 60_000)).chain(([again, later]) => {
    const copies = again.map((event) => ({ ...event, received_at: event.received_at + later }))
    const all = [...flat, ...copies]
    return fc.shuffledSubarray(all, { minLength: all.length })
  })
})

/** The same in groups: batches as they came, or however else they were cut. */
const grouped = delivered.chain((events) =>
  fc.array(fc.nat(4), { minLength: events.length, maxLength: events.length }).map((groups) => ({
    events,
    groups: [0, 1, 2, 3, 4].map((group) => events.filter((_, index) => groups[index] === group)),
  })),
)

const TIMES = /^(preloading|starting|playing|seeking|rebuffering|paused|ended|failed|away)_ms$/
const timeOf = (view: ViewRecord) =>
  Object.entries(view).reduce((sum, [name, ms]) => (TIMES.test(name) ? sum + (ms as number) : sum), 0)

describe('foldView', () => {
  it('gives the same record of the same events, in any order and however often each came', () => {
    fc.assert(
      fc.property(
        delivered.chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
          ),
        ),
        ([events, again]) => {
          expect(foldView(again)).toEqual(foldView(events))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('credits all time up to the event it is as of, whatever was cut off or lost', () => {
    fc.assert(
      fc.property(
        delivered.chain((events) => fc.shuffledSubarray(events, { minLength: 1 })),
        (kept) => {
          const view = foldView(kept)!
          expect(Math.abs(timeOf(view) - view.elapsed_ms)).toBeLessThanOrEqual(50)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('knows no less than the newest totals say, whatever else was lost', () => {
    fc.assert(
      fc.property(
        delivered.filter((events) => events.some(carriesTotals)),
        fc.infiniteStream(fc.boolean()),
        (events, keep) => {
          const newest = Math.max(...events.filter(carriesTotals).map(({ seq }) => seq))
          const kept = events.filter((event) => event.seq === newest || keep.next().value)
          expect(foldView(kept)).toEqual(foldView(events))
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('mergeViews', () => {
  const merge = (views: (ViewRecord | undefined)[]) =>
    views.reduce((a, b) => (a && b ? mergeViews(a, b) : (a ?? b)), undefined)

  it('gives what all events together fold into, however they were grouped', () => {
    fc.assert(
      fc.property(
        grouped.filter(({ events }) => events.some(carriesTotals)),
        ({ events, groups }) => {
          const views = groups.map((group: FlatEvent[]) => foldView(group))
          expect(merge(views)).toEqual(foldView(events))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('does not mind order, grouping or repetition', () => {
    fc.assert(
      fc.property(grouped, ({ groups }) => {
        const [a, b, c] = groups.flatMap((group: FlatEvent[]) => foldView(group) ?? [])
        if (!a || !b || !c) return
        expect(mergeViews(a, b)).toEqual(mergeViews(b, a))
        expect(mergeViews(mergeViews(a, b), c)).toEqual(mergeViews(a, mergeViews(b, c)))
        expect(mergeViews(a, a)).toEqual(a)
      }),
      { numRuns: 1000 },
    )
  })

  it('believes totals before what was counted, even if that is newer', () => {
    const told = foldView(toFlat([beat(3)]))!
    const counted = foldView(toFlat([{ ...beat(9), type: 'custom', name: 'x' } as never]))!
    expect(counted.basis).toBe('events')
    expect(mergeViews(counted, told)).toBe(told)
    expect(mergeViews(told, { ...counted, basis: undefined })).toMatchObject({ seq: 9 })
  })
})

const beat = (seq: number) =>
  ({
    seq,
    type: 'heartbeat',
    ts: 1_790_000_000_000,
    t_ms: 0,
    playhead_ms: null,
    state: 'playing',
    totals: {},
  }) as const
