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
    interval: 30_000,
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
    /** Time passes, and nothing moves. */
    sleep(ms: number) {
      now += ms
    },
    /** The picture stands still from now on. */
    stall: () => playback.stand({ since: now, by: 'event', buffer_ms: 0 }),
    jump(to: number) {
      position = to
    },
    types: () => said.map(({ type, state }) => `${type} ${state}`),
  }
}

const start = (view: ReturnType<typeof bench>, startup = 400) => {
  view.playback.play('user')
  view.pass(startup)
  view.playback.move()
}

const fatal = (category: 'network' | 'decode', code: string) =>
  ({ severity: 'fatal', category, code }) as const
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
    view.playback.move()
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
    view.stall()
    view.playback.seek('api')
    view.playback.move()
    view.playback.move()
    view.playback.move()
    expect(view.types()).toEqual(['play_request starting', 'first_frame playing'])
  })

  it('happens once', () => {
    const view = bench()
    start(view)
    view.playback.move()
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
    view.stall()
    view.pass(2000)
    view.playback.move()
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
    ['seek', (playback: Playback) => playback.seek('user'), ['rebuffer_end seeking', 'seek_start seeking']],
    [
      'exit',
      (playback: Playback) => playback.fail(fatal('network', 'x')),
      ['rebuffer_end failed', 'error failed'],
    ],
  ])('is cut by a %s', (ended_by, cut, types) => {
    const view = bench()
    start(view)
    view.stall()
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
    view.playback.seek('user')
    view.pass(250)
    view.playback.move()
    expect(view.said.slice(-3)).toMatchObject([
      { type: 'seek_start', from_ms: 3000, playhead_ms: 3000, state: 'seeking' },
      { type: 'seek_end', to_ms: 20_000, latency_ms: 250, state: 'playing' },
      { type: 'playing', from_state: 'seeking', state: 'playing' },
    ])
  })

  it('of several is one, its latency counted from the last', () => {
    const view = bench()
    start(view)
    view.playback.seek('user')
    view.pass(100)
    view.playback.seek('user')
    view.pass(100)
    view.playback.move()
    expect(view.said.find(({ type }) => type === 'seek_end')).toMatchObject({ latency_ms: 100, merged: 2 })
    expect(view.playback.totals(600)).toMatchObject({ seek_count: 1, seeking_ms: 200 })
  })

  it('while paused ends paused', () => {
    const view = bench()
    start(view)
    view.playback.pause('user')
    view.playback.seek('user')
    view.playback.rest()
    expect(view.types().slice(-2)).toEqual(['seek_start seeking', 'seek_end paused'])
  })

  it('that lands where nothing is buffered lasts until it plays, and is no stall', () => {
    const view = bench()
    start(view)
    view.playback.seek('user')
    view.stall()
    view.pass(900)
    view.playback.move()
    expect(view.playback.totals(1300)).toMatchObject({ seeking_ms: 900, seek_count: 1 })
    expect(view.playback.totals(1300)).not.toHaveProperty('rebuffer_count')
  })
})

describe('media that is taken away', () => {
  it.each(['seeking', 'waiting'] as const)('while %s ends in a pause, the bracket closed', (signal) => {
    const view = bench()
    start(view)
    if (signal === 'seeking') view.playback.seek('user')
    else view.stall()
    view.playback.pause('interrupted')
    expect(view.said.at(-1)).toMatchObject({ type: 'pause', reason: 'interrupted', state: 'paused' })
    expect(view.types().at(-2)).toMatch(/^(seek|rebuffer)_end paused$/)
  })
})

describe('the end', () => {
  it('is a state that a replay leaves', () => {
    const view = bench()
    start(view)
    view.playback.end()
    view.playback.seek('user')
    view.playback.play('user')
    view.playback.move()
    expect(view.types().slice(-3)).toEqual(['pause ended', 'play_request starting', 'playing playing'])
  })

  it('by a fatal error keeps the error in the totals', () => {
    const view = bench()
    start(view)
    view.playback.fail(fatal('decode', 'MEDIA_ERR_DECODE'))
    view.playback.fail(fatal('network', 'again'))
    expect(view.playback.totals(400)).toMatchObject({
      error_count: 1,
      fatal_error: { category: 'decode', code: 'MEDIA_ERR_DECODE' },
    })
  })

  it('closes an open stall first', () => {
    const view = bench()
    start(view)
    view.stall()
    view.playback.close()
    expect(view.types().at(-1)).toBe('rebuffer_end paused')
  })
})

describe('totals', () => {
  it('give every moment to exactly one state, whatever happens', () => {
    const signals: ((playback: Playback, at: number) => void)[] = [
      (playback) => playback.play('user'),
      (playback) => playback.move(),
      (playback) => playback.move(),
      (playback, at) => playback.stand({ since: at - 200, by: 'event' }),
      (playback) => playback.pause('user'),
      (playback) => playback.seek('user'),
      (playback) => playback.rest(),
      (playback) => playback.end(),
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
        signals[random() % signals.length]!(view.playback, elapsed)
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
    view.playback.seek('user')
    view.playback.rest()
    expect(view.playback.totals(62_400)).toMatchObject({ content_ms: 2000, max_playhead_ms: 100_000 })
  })

  it('give the sleep of a laptop to no state, but for one interval', () => {
    const view = bench()
    start(view)
    view.pass(1000)
    view.sleep(7_200_000)
    expect(view.playback.totals(7_201_400)).toMatchObject({ playing_ms: 30_000, away_ms: 7_171_000 })
  })

  it('take a long silence for playing where the playhead went on, followed or not', () => {
    const view = bench()
    start(view)
    view.pass(600_000)
    view.playback.follow()
    expect(view.playback.totals(600_400)).toMatchObject({ playing_ms: 600_000, content_ms: 600_000 })
  })
})

describe('a fatal error of the engine', () => {
  const error = fatal('network', 'fragLoadError')

  it('is one when the picture stops, at the position it came to', () => {
    const view = bench()
    start(view)
    view.playback.fail(error, 4000)
    view.pass(4000)
    expect(view.playback.state).toBe('playing')
    view.pass(300)
    view.playback.stand({ since: 4400, by: 'playhead', position: 4000 })
    expect(view.said.at(-1)).toMatchObject({ type: 'error', severity: 'fatal', state: 'failed', at: 4400 })
    expect(view.playback.totals(9400)).toMatchObject({
      playing_ms: 4000,
      failed_ms: 5000,
      fatal_error: { code: 'fragLoadError' },
    })
    expect(view.playback.totals(9400)).not.toHaveProperty('rebuffer_count')
  })

  it('was a warning if playback goes on past what was buffered', () => {
    const view = bench()
    start(view)
    view.playback.fail(error, 4000)
    view.playback.pass(5001)
    expect(view.said.at(-1)).toMatchObject({
      type: 'error',
      severity: 'warning',
      recovered: true,
      state: 'playing',
    })
    expect(view.playback.totals(400)).not.toHaveProperty('fatal_error')
  })

  it('is one at once where nothing is buffered', () => {
    const view = bench()
    view.playback.play('user')
    view.playback.fail(error)
    expect(view.types().at(-1)).toBe('error failed')
  })

  it('before the first frame is one when what is buffered does not begin to play', () => {
    const view = bench()
    view.playback.play('user')
    view.playback.fail(error, 4000)
    view.sleep(1000)
    view.playback.stand({ since: 0, by: 'playhead' })
    expect(view.playback.state).toBe('starting')
    view.sleep(1500)
    view.playback.stand({ since: 0, by: 'playhead' })
    expect(view.types().at(-1)).toBe('error failed')
  })

  it('is one if the view closes before', () => {
    const view = bench()
    start(view)
    view.playback.fail(error, 4000)
    view.playback.close()
    expect(view.types().at(-1)).toBe('error failed')
  })

  it('that playback got over is none', () => {
    const view = bench()
    start(view)
    view.playback.fail(error)
    view.playback.move()
    expect(view.types().at(-1)).toBe('playing playing')
    expect(view.playback.totals(400)).not.toHaveProperty('fatal_error')
  })
})

describe('a stall that was noticed late', () => {
  it('began when the picture stopped, and the playhead counts up to there', () => {
    const view = bench()
    start(view)
    view.pass(4000)
    view.playback.follow()
    view.playback.stand({ since: 3900, by: 'frames', position: 3500 })
    expect(view.said.at(-1)).toMatchObject({
      type: 'rebuffer_start',
      at: 3900,
      detected_by: 'frames',
      playhead_ms: 3500,
    })
    expect(view.playback.totals(4400)).toMatchObject({
      playing_ms: 3500,
      rebuffering_ms: 500,
      content_ms: 3500,
    })
    expect(view.playback.totals(4400).first_rebuffer_ms).toBe(3500)
  })
})

describe('a start that nobody saw', () => {
  it('keeps nobody waiting: the time that the page was hidden is taken out', () => {
    const view = bench()
    view.playback.setHidden(true)
    view.playback.play('autoplay')
    view.pass(60_000)
    view.playback.setHidden(false)
    view.pass(300)
    view.playback.move()
    expect(view.said.at(-1)).toMatchObject({ startup_ms: 300, visible_during_startup: false })
  })
})

describe('the size of the picture', () => {
  it('counts for the time that it plays at a scale', () => {
    const view = bench()
    start(view)
    view.playback.setScale(1.5)
    view.pass(2000)
    view.playback.setScale(0.25)
    view.pass(1000)
    view.playback.setScale()
    view.pass(1000)
    expect(view.playback.totals(4400)).toMatchObject({
      scaled_ms: 3000,
      upscaling_ms: 1000,
      upscaling_max: 0.5,
      downscaling_ms: 750,
      downscaling_max: 0.75,
    })
  })
})

describe('the latency of a live stream', () => {
  it('is weighted by the time that it plays', () => {
    const view = bench()
    start(view)
    view.playback.setLatency(3000)
    view.pass(2000)
    view.playback.setLatency(5000)
    view.pass(1000)
    expect(view.playback.totals(3400)).toMatchObject({ latency_known_ms: 3000, latency_sum: 11_000_000 })
  })
})
