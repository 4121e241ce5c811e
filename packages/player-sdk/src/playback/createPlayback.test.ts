import type { Totals } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { createPlayback, type Draft, type Playback } from './createPlayback.ts'
import { createPlayhead } from './createPlayhead.ts'

/** A view on a bench: time and playhead are set by hand. */
const bench = () => {
  let now = 0
  let position: number | null = 0
  const said: (Draft & { state: string; at: number })[] = []
  const playhead = createPlayhead(
    () => position,
    () => 1,
  )
  const playback = createPlayback({
    elapsed: () => now,
    playhead,
    emit: (draft, state, at) => {
      playhead.sample(at)
      said.push({ ...draft, state, at } as (typeof said)[number])
    },
  })
  return {
    playback,
    said,
    /** Lets time pass; the picture moves with it when it plays. */
    pass(ms: number) {
      now += ms
      if (playback.state === 'playing' && position !== null) position += ms
    },
    jump(to: number) {
      position = to
    },
    types: () => said.map(({ type, state }) => `${type} ${state}`),
  }
}

const start = (view: ReturnType<typeof bench>, startup = 400) => {
  view.playback.play('user')
  view.pass(startup)
  view.playback.playing()
  view.playback.firstFrame(true)
}

const canPlay = { paused: false, canPlay: true }
const times = (totals: Totals) =>
  Object.entries(totals)
    .filter(([key]) =>
      /^(preloading|starting|playing|seeking|rebuffering|paused|ended|failed|away)_ms$/.test(key),
    )
    .reduce((sum, [, ms]) => sum + (ms as number), 0)

describe('startup', () => {
  it('is the time from the request to the first frame, pauses taken out', () => {
    const view = bench()
    view.pass(5000)
    view.playback.play('user')
    view.pass(300)
    view.playback.pause('user')
    view.pass(10_000)
    view.playback.play('user')
    view.pass(200)
    view.playback.firstFrame(true)
    expect(view.said.at(-1)).toMatchObject({ type: 'first_frame', startup_ms: 500, state: 'playing' })
    expect(view.playback.totals(15_500)).toMatchObject({
      startup_ms: 500,
      preloading_ms: 5000,
      paused_ms: 10_000,
    })
  })

  it('has no stalls and no seeks in it', () => {
    const view = bench()
    view.playback.play('user')
    view.playback.waiting(0)
    view.playback.seeking('api')
    view.playback.seeked(canPlay)
    view.playback.playing()
    view.playback.firstFrame(true)
    expect(view.types()).toEqual(['play_request starting', 'first_frame playing'])
  })

  it('happens once', () => {
    const view = bench()
    start(view)
    view.playback.firstFrame(true)
    expect(view.types()).toEqual(['play_request starting', 'first_frame playing'])
  })

  it('is unknown when playback was under way before', () => {
    const view = bench()
    view.playback.joinLate()
    expect(view.types()).toEqual(['play_request starting', 'first_frame playing'])
    expect(view.playback.totals(0)).not.toHaveProperty('startup_ms')
  })
})

describe('a stall', () => {
  it('lasts from waiting to playing', () => {
    const view = bench()
    start(view)
    view.pass(3000)
    view.playback.waiting(0)
    view.pass(2000)
    view.playback.playing()
    expect(view.said.slice(-2)).toMatchObject([
      { type: 'rebuffer_start', state: 'rebuffering' },
      { type: 'rebuffer_end', state: 'playing', duration_ms: 2000, ended_by: 'resume' },
    ])
    expect(view.playback.totals(5400)).toMatchObject({
      rebuffer_count: 1,
      rebuffering_ms: 2000,
      playing_ms: 3000,
    })
  })

  it.each([
    ['pause', (playback: Playback) => playback.pause('user'), ['rebuffer_end paused', 'pause paused']],
    [
      'seek',
      (playback: Playback) => playback.seeking('user'),
      ['rebuffer_end seeking', 'seek_start seeking'],
    ],
    [
      'exit',
      (playback: Playback) => playback.fail({ category: 'network', code: 'x' }),
      ['rebuffer_end failed', 'error failed'],
    ],
  ])('is cut by a %s', (ended_by, cut, types) => {
    const view = bench()
    start(view)
    view.playback.waiting(0)
    view.pass(700)
    cut(view.playback)
    expect(view.types().slice(-2)).toEqual(types)
    expect(view.said.at(-2)).toMatchObject({ ended_by, duration_ms: 700 })
  })
})

describe('a seek', () => {
  it('says the position it left and the one it reached', () => {
    const view = bench()
    start(view)
    view.pass(3000)
    view.jump(20_000)
    view.playback.seeking('user')
    view.pass(250)
    view.playback.seeked(canPlay)
    expect(view.said.slice(-3)).toMatchObject([
      { type: 'seek_start', from_ms: 3000, playhead_ms: 3000, state: 'seeking' },
      { type: 'seek_end', to_ms: 20_000, latency_ms: 250, state: 'playing' },
      { type: 'playing', from_state: 'seeking', state: 'playing' },
    ])
  })

  it('of several is one, its latency counted from the last', () => {
    const view = bench()
    start(view)
    view.playback.seeking('user')
    view.pass(100)
    view.playback.seeking('user')
    view.pass(100)
    view.playback.seeked(canPlay)
    expect(view.said.find(({ type }) => type === 'seek_end')).toMatchObject({ latency_ms: 100, merged: 2 })
    expect(view.playback.totals(600)).toMatchObject({ seek_count: 1, seeking_ms: 200 })
  })

  it('while paused ends paused', () => {
    const view = bench()
    start(view)
    view.playback.pause('user')
    view.playback.seeking('user')
    view.playback.seeked({ paused: true, canPlay: false })
    expect(view.types().slice(-2)).toEqual(['seek_start seeking', 'seek_end paused'])
  })

  it('that lands where nothing is buffered lasts until it plays, and is no stall', () => {
    const view = bench()
    start(view)
    view.playback.seeking('user')
    view.playback.seeked({ paused: false, canPlay: false })
    view.playback.waiting(0)
    view.pass(900)
    view.playback.playing()
    expect(view.playback.totals(1300)).toMatchObject({ seeking_ms: 900, seek_count: 1 })
    expect(view.playback.totals(1300)).not.toHaveProperty('rebuffer_count')
  })
})

describe('media that is taken away', () => {
  it.each(['seeking', 'waiting'] as const)('while %s ends in a pause, the bracket closed', (signal) => {
    const view = bench()
    start(view)
    if (signal === 'seeking') view.playback.seeking('user')
    else view.playback.waiting(0)
    view.playback.pause('interrupted')
    expect(view.said.at(-1)).toMatchObject({ type: 'pause', reason: 'interrupted', state: 'paused' })
    expect(view.types().at(-2)).toMatch(/^(seek|rebuffer)_end paused$/)
  })
})

describe('the end', () => {
  it('is a state that a replay leaves', () => {
    const view = bench()
    start(view)
    view.playback.ended()
    view.playback.seeking('user')
    view.playback.play('user')
    view.playback.playing()
    expect(view.types().slice(-3)).toEqual(['pause ended', 'play_request starting', 'playing playing'])
  })

  it('by a fatal error keeps the error in the totals', () => {
    const view = bench()
    start(view)
    view.playback.fail({ category: 'decode', code: 'MEDIA_ERR_DECODE' })
    view.playback.fail({ category: 'network', code: 'again' })
    expect(view.playback.totals(400)).toMatchObject({
      error_count: 1,
      fatal_error: { category: 'decode', code: 'MEDIA_ERR_DECODE' },
    })
  })

  it('closes an open stall first', () => {
    const view = bench()
    start(view)
    view.playback.waiting(0)
    view.playback.close()
    expect(view.types().at(-1)).toBe('rebuffer_end paused')
  })
})

describe('totals', () => {
  it('give every moment to exactly one state, whatever happens', () => {
    const signals: ((playback: Playback) => void)[] = [
      (playback) => playback.play('user'),
      (playback) => playback.playing(),
      (playback) => playback.firstFrame(true),
      (playback) => playback.waiting(0),
      (playback) => playback.pause('user'),
      (playback) => playback.seeking('user'),
      (playback) => playback.seeked(canPlay),
      (playback) => playback.seeked({ paused: true, canPlay: false }),
      (playback) => playback.ended(),
      (playback) => playback.setAway(true),
      (playback) => playback.setAway(false),
    ]
    let seed = 1
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed
    }
    for (let run = 0; run < 300; run++) {
      const view = bench()
      let elapsed = 0
      const open = { rebuffer: 0, seek: 0 }
      for (let step = 0; step < 40; step++) {
        const ms = random() % 3000
        elapsed += ms
        view.pass(ms)
        signals[random() % signals.length]!(view.playback)
      }
      expect(times(view.playback.totals(elapsed))).toBe(elapsed)
      for (const { type } of view.said) {
        const [, what, edge] = /^(rebuffer|seek)_(start|end)$/.exec(type) ?? []
        if (what) open[what as 'seek'] += edge === 'start' ? 1 : -1
        expect(Math.max(open.rebuffer, open.seek) <= 1 && Math.min(open.rebuffer, open.seek) >= 0).toBe(true)
      }
    }
  })

  it('count media and not time: a pause adds none, a jump adds none', () => {
    const view = bench()
    start(view)
    view.pass(2000)
    view.playback.pause('user')
    view.pass(60_000)
    view.jump(100_000)
    view.playback.seeking('user')
    view.playback.seeked({ paused: true, canPlay: true })
    expect(view.playback.totals(62_400)).toMatchObject({ content_ms: 2000, max_playhead_ms: 100_000 })
  })
})
