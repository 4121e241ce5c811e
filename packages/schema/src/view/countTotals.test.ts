import { describe, expect, it } from 'vitest'
import { arbitraryView, fc, playView } from '../../test/arbitraryView.ts'
import type { PlayerEvent } from '../events/index.ts'
import { checkOrder } from '../order/checkOrder.ts'
import { compareTotals } from './compareTotals.ts'
import { countTotals } from './countTotals.ts'

const STATES_AND_AWAY = /^(preloading|starting|playing|seeking|rebuffering|paused|ended|failed|away)_ms$/

const timeOf = (totals: object) =>
  Object.entries(totals)
    .filter(([name]) => STATES_AND_AWAY.test(name))
    .reduce((sum, [, ms]) => sum + (ms as number), 0)

type Drafts = Record<string, unknown>[]

/** Events from what they differ in; each in the state of the one before unless said. */
const eventsOf = (drafts: Drafts): PlayerEvent[] => {
  let before: Record<string, unknown> = { t_ms: 0, state: 'preloading' }
  return drafts.map((draft, seq) => {
    const { t_ms, state } = before
    const event = { seq, ts: 1_790_000_000_000, playhead_ms: null, t_ms, state, ...draft }
    before = event
    return event as unknown as PlayerEvent
  })
}

describe('countTotals', () => {
  it('counts from the events what the producer has added up, whatever happened', () => {
    fc.assert(
      fc.property(arbitraryView, ({ events, totals }) => {
        expect(checkOrder(events)).toEqual([])
        const counted = countTotals(events)
        const gaps = compareTotals(totals, counted, '1.2').filter(({ gap }) => Math.abs(gap) > 1e-6)
        // Time after the last event has no event yet.
        if (events.at(-1)!.type === 'view_end') expect(gaps).toEqual([])
        expect(counted.fatal_error).toEqual(totals.fatal_error)
        expect(counted.visible_during_startup).toBe(totals.visible_during_startup)
      }),
      { numRuns: 1000 },
    )
  })

  it('credits every millisecond up to the last event, whatever was lost, doubled or mixed up', () => {
    const kept = arbitraryView.chain(({ events }) =>
      fc
        .tuple(fc.subarray(events, { minLength: 1 }), fc.subarray(events))
        .chain(([some, again]) =>
          fc.shuffledSubarray([...some, ...again], { minLength: some.length + again.length }),
        ),
    )
    fc.assert(
      fc.property(kept, (events) => {
        const last = events.reduce((found, event) => (event.seq > found.seq ? event : found))
        expect(timeOf(countTotals(events))).toBe(last.t_ms)
      }),
      { numRuns: 1000 },
    )
  })

  it('counts a view of any length', () => {
    const drafts = Array.from({ length: 200_000 }, (_, at) => ({ type: 'custom', t_ms: at, playhead_ms: at }))
    expect(countTotals(eventsOf(drafts)).max_playhead_ms).toBe(199_999)
  })

  it('does not mind order or repetition', () => {
    fc.assert(
      fc.property(
        arbitraryView.chain(({ events }) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
        ([events, mixed]) => {
          expect(countTotals([...mixed, ...events])).toEqual(countTotals(events))
        },
      ),
    )
  })

  it('makes views that play: the model behind these tests is no toy', () => {
    const views = fc.sample(arbitraryView, { numRuns: 500, seed: 1 })
    const share = (of: (totals: (typeof views)[0]['totals']) => unknown) =>
      views.filter(({ totals }) => of(totals)).length / views.length
    expect(share(({ startup_ms }) => startup_ms !== undefined)).toBeGreaterThan(0.6)
    expect(share(({ rebuffer_count }) => rebuffer_count)).toBeGreaterThan(0.3)
    expect(share(({ seek_count }) => seek_count)).toBeGreaterThan(0.3)
    expect(share(({ ads }) => ads?.start_count)).toBeGreaterThan(0.1)
    expect(share(({ fatal_error }) => fatal_error)).toBeGreaterThan(0.1)
  })

  it('forgets a fatal error that playback got over, keeps one that it did not, and leaves those of ads to the ads', () => {
    const fatal = (code: string, more = {}) => ({
      type: 'error' as const,
      severity: 'fatal',
      category: 'network',
      code,
      ...more,
    })
    const story = (drafts: Drafts) => countTotals(eventsOf([{ type: 'view_start' }, ...drafts]))
    expect(story([fatal('A', { business: true }), fatal('B')]).fatal_error).toEqual({
      category: 'network',
      code: 'A',
      business: true,
    })
    expect(story([fatal('A'), { type: 'playing', state: 'playing' }]).fatal_error).toBeUndefined()
    expect(story([fatal('A'), { type: 'first_frame', state: 'playing' }]).fatal_error).toBeUndefined()
    // The picture moves on what is buffered: a heartbeat of it is no recovery.
    expect(story([fatal('A'), { type: 'custom', state: 'playing' }]).fatal_error).toMatchObject({ code: 'A' })
    expect(story([fatal('A'), { type: 'playing', state: 'playing' }, fatal('B')]).fatal_error).toMatchObject({
      code: 'B',
    })
    const ofAd = story([fatal('VAST', { scope: 'ad' })])
    expect(ofAd).toMatchObject({ error_count: 1, ads: { error_count: 1, start_error_count: 1 } })
    expect(ofAd.fatal_error).toBeUndefined()
  })

  it('counts what became of ads', () => {
    const { ads } = countTotals(
      eventsOf([
        { type: 'view_start' },
        { type: 'first_frame', state: 'playing', t_ms: 1000 },
        { type: 'ad_break_start' },
        { type: 'ad_start', t_ms: 1500, load_ms: 400, impression: true },
        { type: 'ad_quartile', quartile: 1 },
        { type: 'ad_quartile', quartile: 2 },
        { type: 'rebuffer_start', t_ms: 3000, state: 'rebuffering' },
        { type: 'rebuffer_end', t_ms: 3700, state: 'playing', duration_ms: 700 },
        { type: 'ad_end', t_ms: 5000, reason: 'skipped', clicks: 2 },
        { type: 'ad_start', load_ms: 100 },
        { type: 'error', severity: 'warning', category: 'ad', code: 'X', scope: 'ad' },
        { type: 'ad_end', t_ms: 6000, reason: 'error' },
        { type: 'ad_break_end' },
        { type: 'ad_break_start', t_ms: 20_000 },
        { type: 'error', severity: 'warning', category: 'ad', code: '303', scope: 'ad' },
        { type: 'ad_break_end' },
        { type: 'ad_break_start', t_ms: 30_000 },
        { type: 'ad_start' },
        { type: 'ad_end', t_ms: 31_000, reason: 'error' },
        { type: 'ad_break_end' },
        { type: 'ad_break_start', t_ms: 40_000 },
        { type: 'ad_break_end', t_ms: 42_000 },
        { type: 'view_end', state: 'quit', reason: 'unload', t_ms: 42_000 },
      ]),
    )
    expect(ads).toEqual({
      break_count: 4,
      filled_break_count: 2,
      failed_break_count: 3,
      start_count: 3,
      impression_count: 1,
      quartile_1_count: 1,
      quartile_2_count: 1,
      skip_count: 1,
      click_count: 2,
      error_count: 3,
      start_error_count: 1,
      exit_before_start_count: 1,
      load_ms: 500,
      loaded_count: 2,
      rebuffering_ms: 700,
      rebuffer_count: 1,
    })
  })

  it('weighs bitrate by media, size and latency by time, and unknown where nobody said', () => {
    const totals = countTotals(
      eventsOf([
        { type: 'view_start', page_load_ms: 800, player_startup_ms: 90 },
        { type: 'play_request', state: 'starting', t_ms: 500 },
        { type: 'first_frame', state: 'playing', t_ms: 1000, startup_ms: 500, content_startup_ms: 500 },
        {
          type: 'rendition_change',
          media: 'video',
          reason: 'initial',
          bitrate_bps: 1e6,
          width_px: 640,
          height_px: 360,
        },
        { type: 'player_change', width_px: 1280, height_px: 540 },
        { type: 'heartbeat', t_ms: 3000, totals: {}, live: { latency_ms: 4000 } },
        {
          type: 'rendition_change',
          t_ms: 5000,
          media: 'video',
          reason: 'abr',
          bitrate_bps: 4e6,
          width_px: 2560,
          height_px: 1440,
        },
        { type: 'rate_change', t_ms: 6000, rate: 2 },
        { type: 'heartbeat', t_ms: 7000, totals: {}, live: { latency_ms: 3000 } },
        { type: 'rendition_change', t_ms: 8000, media: 'video', reason: 'abr' },
        {
          type: 'view_end',
          t_ms: 9000,
          state: 'quit',
          reason: 'quit',
          ranges: [
            [5000, 9000],
            [0, 6000],
          ],
        },
      ]),
    )
    expect(totals).toMatchObject({
      page_load_ms: 800,
      player_startup_ms: 90,
      first_frame_ms: 1000,
      playing_ms: 8000,
      content_ms: 5000 + 2 * 3000,
      bitrate_ms: 4000 + 1000 + 4000,
      bitrate_sum: 4000e6 + 5000 * 4e6,
      scaled_ms: 7000,
      upscaling_ms: 0.5 * 4000,
      upscaling_max: 0.5,
      downscaling_ms: 0.625 * 3000,
      downscaling_max: 0.625,
      latency_known_ms: 6000,
      latency_sum: 4000 * 4000 + 2000 * 3000,
      rendition_change_count: 2,
      rendition_upshift_count: 1,
      rendition_downshift_count: 0,
      unique_ms: 9000,
    })
    const bare = countTotals(eventsOf([{ type: 'view_start' }, { type: 'first_frame', state: 'playing' }]))
    for (const name of ['bitrate_ms', 'scaled_ms', 'latency_known_ms', 'unique_ms', 'first_rebuffer_ms'])
      expect(bare).not.toHaveProperty(name)
  })
})

describe('compareTotals', () => {
  const { totals } = playView([{ what: 'warn', ms: 10, n: 0 }], 'quit')

  it('holds no producer to a counter that its version did not have', () => {
    const counted = { ...totals, seek_latency_ms: 300, autoplay_blocked_count: 1, ads: { start_count: 2 } }
    expect(compareTotals(totals, counted, '1.1').filter(({ gap }) => gap !== 0)).toEqual([])
    expect(
      compareTotals(totals, counted, '1.2')
        .filter(({ gap }) => gap !== 0)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['ads.start_count', 'autoplay_blocked_count', 'seek_latency_ms'])
  })

  it('says nothing of what only one side knows, and takes an absent counter for 0', () => {
    const names = (said: object, counted: object) =>
      compareTotals(said, counted, '1.2').map(({ name }) => name)
    expect(names({ startup_ms: 1, frames_total: 5 }, {})).toEqual([])
    expect(names({}, { bitrate_ms: 1 })).toEqual([])
    expect(names({ rebuffer_count: 1 }, { rebuffer_count: 0 })).toEqual(['rebuffer_count'])
    expect(names({ rebuffer_count: 0 }, { rebuffer_count: 0 })).toEqual([])
  })
})
