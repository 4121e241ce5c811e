import { describe, expect, it } from 'vitest'
import { arbitraryView, fc } from '../../../schema/test/arbitraryView.ts'
import whatsNew from '../../../schema/vectors/1.2/valid/whats-new.json' with { type: 'json' }
import { toFlat } from '../../test/toFlat.ts'
import { viewbeat } from '../definitions/viewbeat.ts'
import { carriesTotals } from '../foldView.ts'
import { accountOf } from './accountOf.ts'

describe('the account of a view', () => {
  it('has no gap where totals and events tell of the same view', () => {
    fc.assert(
      fc.property(
        arbitraryView.filter(({ events }) => events.at(-1)!.type === 'view_end'),
        ({ events }) => {
          const account = accountOf(toFlat(events), viewbeat)!
          expect(account).toMatchObject({ seq: events.length - 1, events: events.length, missing: 0 })
          expect(account.quantities.filter(({ gap }) => Math.abs(gap) > 1e-6)).toEqual([])
          expect(account.metrics.filter(({ gap }) => Math.abs(gap ?? 0) > 1e-6)).toEqual([])
          expect(account.metrics.length).toBeGreaterThan(10)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is of the newest totals: what came after them is in neither', () => {
    fc.assert(
      fc.property(
        arbitraryView.filter(({ events }) => toFlat(events).some(carriesTotals)),
        ({ events }) => {
          const flat = toFlat(events)
          const { seq, quantities } = accountOf(flat, viewbeat)!
          expect(seq).toBe(Math.max(...flat.filter(carriesTotals).map((event) => event.seq)))
          expect(quantities.filter(({ gap }) => Math.abs(gap) > 1e-6)).toEqual([])
        },
      ),
    )
  })

  it('shows what lost events and false totals leave between the two', () => {
    const base = { ts: 1_790_000_000_000, playhead_ms: null }
    const events = [
      { seq: 0, type: 'view_start', t_ms: 0, state: 'preloading' },
      { seq: 1, type: 'play_request', t_ms: 100, state: 'starting' },
      { seq: 2, type: 'first_frame', t_ms: 600, state: 'playing', startup_ms: 500 },
      { seq: 3, type: 'rebuffer_start', t_ms: 5600, state: 'rebuffering' },
      { seq: 4, type: 'rebuffer_end', t_ms: 6600, state: 'playing', duration_ms: 1000 },
      {
        ...{ seq: 5, type: 'view_end', t_ms: 10_600, state: 'quit', reason: 'quit' },
        totals: {
          ...{ preloading_ms: 100, starting_ms: 500, playing_ms: 9000, rebuffering_ms: 1000 },
          ...{ startup_ms: 500, rebuffer_count: 1, play_request_count: 1, first_rebuffer_ms: 5000 },
        },
      },
    ].map((event) => ({ ...base, ...event }))
    const flat = toFlat(events as never)
    const gapsOf = (account = accountOf(flat, viewbeat)) =>
      Object.fromEntries(
        [...account!.quantities.filter(({ isEstimate }) => !isEstimate), ...account!.metrics]
          .filter(({ name, gap }) => gap && !/^content_ms$|_completion$|completion/.test(name))
          .map(({ name, gap }) => [name, gap]),
      )
    expect(gapsOf()).toEqual({})
    const lost = accountOf(
      flat.filter(({ seq }) => seq !== 3 && seq !== 4),
      viewbeat,
    )!
    expect(lost.missing).toBe(2)
    expect(gapsOf(lost)).toMatchObject({
      rebuffer_count: 1,
      rebuffering_ms: 1000,
      playing_ms: -1000,
      rebuffering_ratio: 0.1,
    })
  })

  it('leaves the gap open where only one side can tell: no event tells of frames', () => {
    const { metrics, quantities } = accountOf(
      toFlat(whatsNew.events as never).map((event) => ({ ...event, context: whatsNew.context as never })),
      viewbeat,
    )!
    const metric = (name: string) => metrics.find((compared) => compared.name === name)
    expect(metric('dropped_frame_ratio')).toEqual({
      name: 'dropped_frame_ratio',
      said: 3 / 652,
      counted: null,
      gap: null,
    })
    expect(metric('live_latency_ms')).toBeUndefined()
    expect(metric('seek_latency_ms')).toMatchObject({ said: 300, counted: 300, gap: 0 })
    expect(quantities.map(({ name }) => name)).not.toContain('frames_total')
  })

  it('is of no view without totals', () => {
    expect(accountOf([], viewbeat)).toBeUndefined()
    expect(
      accountOf(
        toFlat([
          { seq: 0, type: 'view_start', ts: 0, t_ms: 0, playhead_ms: null, state: 'preloading' } as never,
        ]),
        viewbeat,
      ),
    ).toBeUndefined()
  })
})
