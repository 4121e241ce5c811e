import type { PlayerEvent } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { toFlat } from '../../test/toFlat.ts'
import { foldCounted } from '../foldView.ts'
import { openSpan, watchingSpans } from './spans.ts'

const BEGIN = 1_790_000_000_000

const event = (seq: number, type: string, t_ms: number, state: string, more = {}) =>
  ({ seq, type, ts: BEGIN + t_ms, t_ms, playhead_ms: null, state, ...more }) as unknown as PlayerEvent

const events = [
  event(0, 'view_start', 0, 'preloading'),
  event(1, 'play_request', 1000, 'starting'),
  event(2, 'first_frame', 2000, 'playing', { startup_ms: 1000 }),
  event(3, 'rebuffer_start', 10_000, 'rebuffering'),
  event(4, 'rebuffer_end', 410_000, 'playing', { duration_ms: 400_000 }),
  event(5, 'pause', 420_000, 'paused'),
  event(6, 'play_request', 500_000, 'starting'),
  event(7, 'playing', 500_000, 'playing'),
  event(8, 'pause', 510_000, 'ended'),
  event(9, 'view_end', 600_000, 'ended', { reason: 'ended' }),
]
/** The device's clock is an hour slow; a batch takes 100 ms. */
const flat = toFlat(events).map((one) => ({ ...one, received_at: one.sent_at + 3_600_000 }))
const begin = BEGIN + 3_600_000

describe('when a view counts as open', () => {
  it('is from its first frame until it ended, pauses included, by the clock of the server', () => {
    expect(openSpan(foldCounted(flat)!)).toEqual({ from: begin + 2000, to: begin + 510_000, weight: 1 })
  })

  it('is never without a first frame', () => {
    expect(openSpan(foldCounted(flat.slice(0, 2))!)).toBeUndefined()
  })

  it('is known of records that do not say when the first frame was', () => {
    const { first_frame_ms: _, ...older } = foldCounted(flat)!
    expect(openSpan(older)?.from).toBe(begin + 2000)
  })

  it('counts for all that a sample stands for', () => {
    const context = { ...flat[0]!.context, sample_rate: 0.1 }
    expect(openSpan({ ...foldCounted(flat)!, context })?.weight).toBe(10)
    expect(watchingSpans(flat.map((one) => ({ ...one, context })))[0]?.weight).toBe(10)
  })
})

describe('when a view is watched', () => {
  const from = (spans: ReturnType<typeof watchingSpans>) =>
    spans.map((span) => [span.from - begin, span.to - begin])

  it('is while it plays, stalls or seeks, pauses left out', () => {
    expect(from(watchingSpans(flat)).filter(([begins, ends]) => ends! > begins!)).toEqual([
      [2000, 10_000],
      [10_000, 410_000],
      [410_000, 420_000],
      [500_000, 510_000],
    ])
  })

  it('may count from the request on, and a stall for five minutes only, as Mux has it', () => {
    expect(from(watchingSpans(flat, { fromRequest: true, longestStallMs: 300_000 })).slice(0, 3)).toEqual([
      [1000, 2000],
      [2000, 10_000],
      [10_000, 310_000],
    ])
  })

  it('does not depend on the order of events', () => {
    expect(watchingSpans([...flat].reverse())).toEqual(watchingSpans(flat))
    expect(watchingSpans([])).toEqual([])
  })
})
