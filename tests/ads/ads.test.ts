import type { EventOf, PlayerEvent } from '@viewbeat/schema'
import { checkOrder } from '@viewbeat/schema'
import { afterEach, beforeAll, describe, it } from 'vitest'
import { openAdsStage } from './openAdsPage.ts'
import { type Played, playScene } from './playScene.ts'
import { SCENES, type Scene } from './scenes.ts'
import { FRAME_MS } from './tellTruth.ts'

/** How far what the SDK says may be from what was on screen, ms: a frame may be the first or the last of something. */
const TOLERANCE_MS = 100 + FRAME_MS

const stage = openAdsStage(3)

const of = <T extends PlayerEvent['type']>({ seen }: Played, type: T) =>
  seen.events.filter((event): event is Played['seen']['events'][number] & EventOf<T> => event.type === type)

const totalsOf = (played: Played) => of(played, 'view_end')[0]!.totals

const atOf = ({ seen }: Played, name: string) =>
  seen.happenings.find((happening) => happening.name === name)!.at

/** What was on screen, what the SDK says, and by how much less or more nobody could know, ms. */
type Pair = [truth: number, said: number | undefined, less?: number, more?: number]

/** Which of these are further from the truth than they may be: a line for each. */
const faultsIn = (pairs: Record<string, Pair>) =>
  Object.entries(pairs).flatMap(([name, [truth, said = 0, less = 0, more = 0]]) =>
    said < truth - less - TOLERANCE_MS || said > truth + more + TOLERANCE_MS
      ? [`${name}: ${truth.toFixed(0)} on screen, ${said.toFixed(0)} by the SDK`]
      : [],
  )

/** What the events have to say of a break, in their order. */
const breakOf = ({ ads, position }: Scene) => [
  `ad_break_start ${position}`,
  ...Array.from({ length: ads }, () => [
    'ad_start',
    'ad_quartile 1',
    'ad_quartile 2',
    'ad_quartile 3',
    'ad_end completed',
  ]).flat(),
  'ad_break_end',
]

const tell = (event: PlayerEvent) => {
  if (event.type === 'ad_break_start') return `${event.type} ${event.position}`
  if (event.type === 'ad_quartile') return `${event.type} ${event.quartile}`
  if (event.type === 'ad_end') return `${event.type} ${event.reason}`
  return event.type
}

describe.concurrent.each(Object.entries(SCENES))('%s', (_, scene) => {
  let playing: Promise<Played> | undefined
  const play = () => {
    if (!playing) {
      playing = playScene(stage, scene)
      playing.catch(() => {})
    }
    return playing
  }
  // All begin at once, in whatever order their facts are looked at.
  beforeAll(() => void play())
  // A machine that stutters fails a scene now and then: it is played once more, and what is wrong is wrong again.
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') playing = undefined
  })

  it('belongs to one view, whose events are in order', async ({ expect }) => {
    const played = await play()
    expect(new Set(played.seen.events.map(({ view_id }) => view_id)).size).toBe(1)
    expect(checkOrder(played.seen.events)).toEqual([])
    expect(played.complaints).toEqual([])
  })

  it('is told of in brackets, and counted', async ({ expect }) => {
    const played = await play()
    expect(played.seen.events.filter(({ type }) => type.startsWith('ad_')).map(tell)).toEqual(breakOf(scene))
    expect(totalsOf(played).ads).toMatchObject({
      break_count: 1,
      ...(scene.ads && { start_count: scene.ads, complete_count: scene.ads, filled_break_count: 1 }),
      ...(scene.fails && { error_count: 1, failed_break_count: 1 }),
    })
  })

  if (scene.isOwnSource)
    it('is told of before the element gives up the content, and its end before the content comes back', async ({
      expect,
    }) => {
      const names = (await play()).seen.happenings.map(({ name }) => name)
      const [from, to] = [names.indexOf('breakStart'), names.indexOf('breakEnd')]
      expect(names.slice(from, to).filter((name) => name === '*emptied')).toHaveLength(scene.ads)
      expect(names.slice(to).filter((name) => name === '*emptied')).toHaveLength(1)
      expect(names.slice(from, names.indexOf('*emptied', from))).toEqual(['breakStart'])
    })

  it('counts content and ads each for as long as their frames moved', async ({ expect }) => {
    const played = await play()
    const { content_ms, content_moved_ms, ads_moved_ms, furthest_ms, late_ms, overdue_ms } = played.truth
    const totals = totalsOf(played)
    const { ad_ms = 0, playing_ms = 0 } = totals
    const played_ms = of(played, 'ad_end').reduce((sum, { played_ms = 0 }) => sum + played_ms, 0)
    expect(
      faultsIn({
        content_ms: [content_ms, totals.content_ms, overdue_ms, late_ms],
        'playing_ms without ads': [content_moved_ms, playing_ms - ad_ms, overdue_ms, late_ms],
        max_playhead_ms: [furthest_ms, totals.max_playhead_ms, overdue_ms, late_ms],
        ad_ms: [ads_moved_ms, ad_ms, late_ms, overdue_ms],
        'played_ms of the ads': [ads_moved_ms, played_ms, late_ms, overdue_ms],
      }),
    ).toEqual([])
  })

  it('is no part of the start of the content', async ({ expect }) => {
    const played = await play()
    const { truth } = played
    const playAt = atOf(played, '*play')
    const asked = scene.playAfter_ms ? playAt : Math.min(playAt, atOf(played, 'breakStart'))
    const away = scene.position === 'pre' ? atOf(played, 'breakEnd') - atOf(played, 'breakStart') : 0
    const { startup_ms, content_startup_ms } = totalsOf(played)
    expect(
      faultsIn({
        startup_ms: [truth.moved_at - asked, startup_ms],
        content_startup_ms: [truth.content_moved_at - asked - away, content_startup_ms],
      }),
    ).toEqual([])
    expect(!!of(played, 'first_frame')[0]!.ad_first).toBe(scene.position === 'pre' && !scene.fails)
  })

  it('makes nobody seek, wait or ask again, and the view does not fail of it', async ({ expect }) => {
    const played = await play()
    const pauses = of(played, 'pause').map(({ reason }) => reason)
    const byViewer = scene.pause_ms ? 1 : 0
    expect({
      rebuffers: of(played, 'rebuffer_start').length,
      seeks: of(played, 'seek_start').length,
      requests: of(played, 'play_request').length - byViewer,
      pauses: pauses.filter((reason) => reason !== 'ended').length - byViewer,
      ends: pauses.filter((reason) => reason === 'ended').length,
      errors: of(played, 'error').map(({ scope, severity }) => `${severity} ${scope}`),
      end: of(played, 'view_end')[0]!.reason,
    }).toEqual({
      rebuffers: 0,
      seeks: 0,
      requests: 1,
      pauses: 0,
      ends: scene.position === 'post' ? 1 : 0,
      errors: scene.fails ? ['warning ad'] : [],
      end: scene.position === 'post' ? 'ended' : 'stopped',
    })
    expect(Math.abs((totalsOf(played).paused_ms ?? 0) - (scene.pause_ms ?? 0))).toBeLessThan(TOLERANCE_MS)
  })

  it('is no change of rendition, whatever its size', async ({ expect }) => {
    expect(of(await play(), 'rendition_change').map(({ reason }) => reason)).toEqual(['initial'])
  })
})
