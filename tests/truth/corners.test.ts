import { checkOrder, type EventOf } from '@viewbeat/schema'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { judge } from './judge.ts'
import { launchStrict } from './launchStrict.ts'
import { openTheatre, type Theatre } from './openTheatre.ts'
import type { PlayerName } from './players.ts'
import type { Played } from './playScenario.ts'

/** What a manifest declares of the smaller picture and of the larger one, bit/s: HLS counts the sound in. */
const DECLARED: [PlayerName, number[]][] = [
  ['hls', [63_000, 118_000]],
  ['videojs', [63_000, 118_000]],
  ['shaka', [45_000, 100_000]],
  ['dash', [45_000, 100_000]],
]

/** How far the times of a background tab may be off, as a part of them. */
const BACKGROUND_PART = 0.01

let theatre: Theatre
let strict: Theatre

beforeAll(async () => {
  ;[theatre, strict] = await Promise.all([openTheatre(), openTheatre(launchStrict)])
})
afterAll(() => Promise.all([theatre?.close(), strict?.close()]))
// A machine that stutters fails a scene now and then: it is played once more, and what is wrong is wrong again.
afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return
  theatre.forget()
  strict.forget()
})

const faults = ({ views, complaints }: Played) => [
  ...complaints,
  ...views.flatMap(({ truth, claims, events }) => [...judge(truth, claims), ...checkOrder(events)]),
]
const ofType = <T extends Played['events'][number]['type']>({ views }: Played, type: T) =>
  views.flatMap(({ events }) => events).filter((event) => event.type === type) as unknown as EventOf<T>[]
const totals = (played: Played, view = 0) => played.views[view]!.claims.totals!

describe.concurrent('the SDK', () => {
  it.each(['html5', 'hls'] as const)(
    'counts no start that the browser refused, but the one from the click 3.3 s later: %s',
    async (player) => {
      const played = await strict.play(player, 'refused')
      expect(faults(played)).toEqual([])
      expect(played.log.calls.map(({ name }) => name)).toEqual(['load', 'play', 'refused', 'play'])
      expect(ofType(played, 'first_frame')).toHaveLength(1)
    },
  )

  it('tells that the browser did not let a video begin by itself', async () => {
    const played = await strict.play('html5', 'autoplay')
    expect(faults(played)).toEqual([])
    expect(totals(played)).toMatchObject({ autoplay_blocked_count: 1, play_request_count: 2 })
    expect(ofType(played, 'pause')).toMatchObject([{ reason: 'autoplay_blocked' }])
  })

  it('waits with an element that has nothing to play yet, and counts none of it', async () => {
    const played = await theatre.play('html5', 'empty')
    expect(faults(played)).toEqual([])
    expect(played.views).toHaveLength(1)
    expect(totals(played).preloading_ms).toBeGreaterThan(1400)
  })

  it.each(['html5', 'hls'] as const)(
    'knows of no start where it came later than that: %s',
    async (player) => {
      const played = await theatre.play(player, 'late')
      expect(faults(played)).toEqual([])
      expect(ofType(played, 'view_start')).toMatchObject([{ attached_late: true }])
      expect(totals(played)).not.toHaveProperty('startup_ms')
    },
  )

  it.each(
    (['change', 'announced'] as const).flatMap((scenario) =>
      (['html5', 'hls', 'dash', 'shaka', 'videojs'] as const).map((player) => [scenario, player] as const),
    ),
  )(
    'begins a view with the next clip and keeps what it knows of the first: %s with %s',
    async (scenario, player) => {
      const played = await theatre.play(player, scenario)
      expect(played.views).toHaveLength(2)
      expect(faults(played)).toEqual([])
      expect(ofType(played, 'view_end')).toHaveLength(2)
      // Both play from their beginning: what the one says of where it got to must not be the other's. The playhead is read
      // four times a second, and what the first came to cannot be read any more when the next comes.
      for (const { truth, claims } of played.views)
        expect(Math.abs(claims.totals!.max_playhead_ms! - truth.played_ms)).toBeLessThan(300)
    },
  )

  it('takes a loop for playing on', async () => {
    const played = await theatre.play('html5', 'loop')
    const frames = played.log.frames.map(({ mediaTime }) => mediaTime)
    expect(Math.max(...frames) - frames.at(-1)!).toBeGreaterThan(20)
    expect(faults(played)).toEqual([])
    expect(totals(played)).toMatchObject({ play_request_count: 1 })
    expect(totals(played).content_ms).toBeGreaterThan(played.truth.played_ms - 300)
  })

  it.each(
    (['fatal', 'doomed'] as const).flatMap((scenario) =>
      (['hls', 'dash', 'shaka'] as const).map((player) => [scenario, player] as const),
    ),
  )(
    'fails a view when the picture stops, not while what is buffered plays on: %s with %s',
    async (scenario, player) => {
      const played = await theatre.play(player, scenario)
      expect(faults(played)).toEqual([])
      const { fatal_error, failed_ms = 0 } = totals(played)
      expect(fatal_error).toMatchObject({ category: 'network' })
      expect(totals(played)).not.toHaveProperty('rebuffering_ms')
      expect(Math.abs(failed_ms - (played.log.until - played.truth.failed_at!))).toBeLessThan(150)
      expect(ofType(played, 'view_end')).toMatchObject([{ reason: 'failed' }])
    },
  )

  it('tells of fifty failed attempts at once, and of no failure', async () => {
    const played = await theatre.play('hls', 'storm')
    expect(faults(played)).toEqual([])
    const refused = ofType(played, 'error').filter(({ http_status }) => http_status)
    expect(refused).toMatchObject([{ severity: 'warning', http_status: 503, count: 50 }])
    expect(totals(played).error_count).toBeGreaterThanOrEqual(50)
    expect(totals(played)).not.toHaveProperty('failed_ms')
  })

  it('loses nothing of what plays in a background tab', async () => {
    const played = await theatre.play('hls', 'background')
    const { played_ms } = played.truth
    const frames = played.log.frames.filter(({ now }) => now <= played.log.until)
    const media_ms = (frames.at(-1)!.mediaTime - frames[0]!.mediaTime) * 1000
    const { playing_ms = 0, content_ms = 0 } = totals(played)
    expect(played_ms).toBeGreaterThan(20_000)
    expect(media_ms).toBeGreaterThan(28_000)
    expect(Math.abs(playing_ms / played_ms - 1)).toBeLessThan(BACKGROUND_PART)
    expect(Math.abs(content_ms / media_ms - 1)).toBeLessThan(BACKGROUND_PART)
    expect(totals(played)).not.toHaveProperty('rebuffer_count')
    expect(played.complaints).toEqual([])
  })

  it.each(['startup', 'stall', 'seek'] as const)(
    'follows a custom element that plays HLS as it does a video: %s',
    async (scenario) => {
      const played = await theatre.play('custom', scenario)
      expect(faults(played)).toEqual([])
      expect(played.views).toHaveLength(1)
    },
  )

  it.each(DECLARED)('tells the bitrates that the manifest declares: %s', async (player, bitrates) => {
    const changes = ofType(await theatre.play(player, 'switch'), 'rendition_change')
    expect(changes.filter(({ media }) => media === 'video').map(({ bitrate_bps }) => bitrate_bps)).toEqual(
      bitrates,
    )
  })

  it.each(['html5', 'html5-hls'] as const)('tells no bitrate where nobody knows one: %s', async (player) => {
    const changes = ofType(await theatre.play(player, 'startup'), 'rendition_change')
    expect(changes).toHaveLength(1)
    expect(changes[0]).not.toHaveProperty('bitrate_bps')
  })
})
