import { type Batch, type FlatEvent, flattenRecord, parseCmcd } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import viewSchema from '../../schema/schemas/1.2/reader/view.json' with { type: 'json' }
import { createValidator } from '../../schema/src/compat/createValidator.ts'
import everyType from '../../schema/vectors/1.0/valid/every-type.json' with { type: 'json' }
import gotOverIt from '../../schema/vectors/1.2/valid/got-over-it.json' with { type: 'json' }
import live from '../../schema/vectors/1.2/valid/live.json' with { type: 'json' }
import whatsNew from '../../schema/vectors/1.2/valid/whats-new.json' with { type: 'json' }
import { closeIfSilent, SILENCE_MS } from './closeIfSilent.ts'
import { foldCounted, foldView } from './foldView.ts'
import { metricsOf } from './metricsOf.ts'

const events = flattenRecord({
  v: 1,
  received_at: 1790000036200,
  publisher: 'demo',
  client: {},
  batch: everyType as unknown as Batch,
})
const whole = foldView(events)!

const upTo = (type: string) => events.slice(0, events.findIndex((event) => event.type === type) + 1)

/** The view as its newest event had said it. */
const ending = (last: Partial<FlatEvent>) => foldView([{ ...events.at(-1), ...last } as FlatEvent])

describe('foldView', () => {
  it('takes the record from the newest totals', () => {
    expect(whole).toMatchObject({
      view_id: everyType.view_id,
      seq: 28,
      started_at: 1790000000000,
      elapsed_ms: 36000,
      outcome: 'quit',
      end_reason: 'unload',
      startup_ms: 420,
      playing_ms: 27480,
      rebuffering_ms: 2000,
      paused_ms: 2500,
      away_ms: 2500,
      rebuffer_count: 1,
      bitrate_bps: 3000000,
      dropped: { too_large: 1 },
    })
  })

  it('takes the furthest position from view_end where its totals do not say it', () => {
    const { max_playhead_ms: _, ...totals } = (events.at(-1) as unknown as { totals: Record<string, number> })
      .totals
    expect(ending({ totals, max_playhead_ms: 9000 } as never)?.max_playhead_ms).toBe(9000)
    expect(ending({ totals, max_playhead_ms: undefined } as never)?.max_playhead_ms).toBe(0)
  })

  it('counts a session that came as CMCD from its events, for its totals say little', () => {
    const at = (s: number) => `sid="s",ts=${1764752400000 + s * 1000},v=2`
    const body = [
      `e=ps,sta=s,${at(0)}`,
      `e=ps,msd=900,sta=p,${at(1)}`,
      `e=ps,sta=r,${at(20)}`,
      `bs,bsd=(2000),e=ps,sta=p,${at(22)}`,
      `e=t,sta=p,${at(30)}`,
      `e=ps,sta=q,${at(31)}`,
    ]
    const [batch] = parseCmcd(body.join('\n')).batches
    const flat = flattenRecord({ v: 1, received_at: 1, publisher: 'p', client: {}, batch: batch! })
    expect(foldView(flat)).toMatchObject({
      outcome: 'quit',
      startup_ms: 900,
      playing_ms: 28_000,
      rebuffering_ms: 2000,
      rebuffer_count: 1,
    })
  })

  it('does not mind order or repetition', () => {
    expect(foldView([...events, ...events].reverse())).toEqual(whole)
  })

  it('gives the same record for any subset with the same newest totals', () => {
    for (let from = 0; from < events.length; from++) expect(foldView(events.slice(from))).toEqual(whole)
  })

  it('is as of the newest totals when events come after them', () => {
    const beat = upTo('heartbeat')
    const late = { ...beat.at(-1), type: 'custom', seq: 28, totals: undefined, name: 'late' }
    const { totals: _, ...withoutTotals } = late
    expect(foldView([...beat, withoutTotals as unknown as FlatEvent])).toEqual(foldView(beat))
  })

  it('believes the totals only of types whose totals are checked', () => {
    const forged = { ...events.at(-1), seq: 99, type: 'custom', name: 'x', totals: { playing_ms: 'abc' } }
    expect(foldView([...events, forged as unknown as FlatEvent])).toEqual(whole)
  })

  it('counts from the events where no event carries totals', () => {
    const view = foldView(upTo('error'))!
    expect(view).toMatchObject({ startup_ms: 420, rebuffer_count: 1, seek_count: 1, play_request_count: 2 })
    expect(view).toMatchObject({
      preloading_ms: 800,
      starting_ms: 420,
      rebuffering_ms: 2000,
      seeking_ms: 300,
    })
  })

  it('has nothing to say of no events', () => {
    expect(foldView([])).toBeUndefined()
  })
})

const flat = (batch: object) =>
  flattenRecord({ v: 1, received_at: 1790000040000, publisher: 'demo', client: {}, batch: batch as Batch })

describe('the record of a view of 1.2', () => {
  it('has all that the totals say', () => {
    const { ads, ...totals } = whatsNew.events.at(-1)!.totals!
    const { bitrate_ms, bitrate_sum, ...same } = totals
    expect(foldView(flat(whatsNew))).toMatchObject({
      ...{ ...same, ads, bitrate_ms, bitrate_sum, bitrate_bps: Math.round(bitrate_sum / bitrate_ms) },
      ...{ basis: 'totals', clock_skew_ms: 1790000040000 - whatsNew.sent_at, elapsed_ms: 31950 },
    })
  })

  it.each([
    ['everything', whatsNew],
    ['live', live],
    ['a failure that it got over', gotOverIt],
  ])('is the same when it is counted from the events, but for frames: %s', (_, batch) => {
    const { basis, frames_total, frames_dropped, ...said } = foldView(flat(batch))!
    expect(foldCounted(flat(batch))).toMatchObject({ ...said, basis: 'events' })
    expect([basis, typeof frames_total]).toEqual(['totals', typeof frames_dropped])
  })

  it('is what the contract publishes, whatever it was folded from', () => {
    const isView = createValidator(viewSchema as never)
    for (const batch of [everyType, whatsNew, live, gotOverIt]) {
      expect(isView(foldView(flat(batch)))).toBe(true)
      expect(isView(foldCounted(flat(batch)))).toBe(true)
      expect(
        Object.keys(foldCounted(flat(batch))!).filter((name) => !(name in viewSchema.properties)),
      ).toEqual([])
    }
  })

  it('has no failure where playback got over it', () => {
    expect(foldView(flat(gotOverIt))).toMatchObject({ outcome: 'quit', error_count: 1, failed_ms: 500 })
    expect(foldCounted(flat(gotOverIt))).not.toHaveProperty('fatal_error')
  })

  it('leaves out what an older producer does not say', () => {
    for (const name of ['ads', 'unique_ms', 'first_frame_ms', 'seek_latency_ms', 'visible_during_startup'])
      expect(whole).not.toHaveProperty(name)
  })
})

describe('the outcome of a view', () => {
  const started = { totals: { startup_ms: 1, playing_ms: 1 } }
  const never = { totals: { preloading_ms: 5000 } }
  it.each([
    ['open', { type: 'heartbeat', state: 'playing', ...started }],
    ['ended', { type: 'heartbeat', state: 'ended', ...started }],
    ['ended', { type: 'view_end', state: 'ended', reason: 'ended', ...started }],
    ['failed', { type: 'heartbeat', state: 'failed', ...started }],
    ['failed', { type: 'view_end', state: 'failed', reason: 'failed', ...never }],
    ['quit', { type: 'view_end', state: 'quit', reason: 'unload', ...started }],
    ['quit', { type: 'view_end', state: 'quit', reason: 'source_change', ...started }],
    ['exit_before_start', { type: 'view_end', state: 'quit', reason: 'unload', ...never }],
    ['timeout', { type: 'view_end', state: 'quit', reason: 'timeout', ...started }],
  ])('is %s after %o', (outcome, last) => {
    expect(ending(last as Partial<FlatEvent>)?.outcome).toBe(outcome)
  })

  it('becomes timeout when an open view is silent for too long, and only then', () => {
    const open = { ...whole, outcome: 'open' as const }
    expect(closeIfSilent(open, open.received_at + SILENCE_MS).outcome).toBe('open')
    expect(closeIfSilent(open, open.received_at + SILENCE_MS + 1).outcome).toBe('timeout')
    expect(closeIfSilent(whole, whole.received_at + SILENCE_MS + 1).outcome).toBe('quit')
  })
})

describe('metricsOf', () => {
  it('divides stalled by stalled and playing time', () => {
    const metrics = metricsOf(whole)
    expect(metrics.rebuffer_ratio).toBeCloseTo(2000 / 29480)
    expect(metrics.watched_ms).toBe(420 + 27480 + 300 + 2000)
    expect(metrics.dropped_frame_ratio).toBeCloseTo(2 / 824)
  })

  it('gives no ratio where nothing was played', () => {
    const nothing = ending({ totals: {} } as Partial<FlatEvent>)!
    expect(metricsOf(nothing)).toMatchObject({
      rebuffer_ratio: null,
      startup_ms: null,
      dropped_frame_ratio: null,
    })
  })
})
