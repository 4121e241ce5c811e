import { checkOrder, type PlayerEvent } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import type { AdSource } from '../engine.ts'
import { createPlayback } from '../playback/createPlayback.ts'
import { createPlayhead } from '../playback/createPlayhead.ts'
import { guard } from '../safely.ts'
import { ads } from './ads.ts'

/** A view whose time is set by hand, and the ads beside it. */
const bench = (...sources: AdSource[]) => {
  let now = 0
  let seq = 0
  const said: PlayerEvent[] = []
  const playhead = createPlayhead(
    () => 0,
    () => 1,
  )
  const playback = createPlayback({
    elapsed: () => now,
    interval: 30_000,
    playhead,
    emit: (draft, state, t_ms) =>
      said.push({ seq: seq++, ts: 0, t_ms, playhead_ms: 0, state, ...draft } as PlayerEvent),
  })
  playback.emit({ type: 'view_start' })
  const breaks = ads(...sources)
  let resumed = 0
  const stop = breaks.attach({
    view: () => playback,
    elapsed: () => now,
    tidy: (error) => error,
    guard,
    request: () => playback.play('api'),
    afterBreak: () => resumed++,
  })
  return {
    playback,
    said,
    breaks,
    stop,
    signals: breaks.signals,
    resumed: () => resumed,
    pass: (ms: number) => {
      now += ms
    },
    totals: () => playback.totals(now),
    types: () => said.map(({ type, state, in_ad }) => `${type} ${state}${in_ad ? ' in ad' : ''}`).slice(1),
  }
}

describe('a pre-roll beside the element', () => {
  const play = () => {
    const view = bench()
    view.playback.play('user')
    view.pass(200)
    view.signals.breakStart({ position: 'pre', ads_planned: 1 })
    view.pass(300)
    view.signals.start({ ad_id: 'a1', load_ms: 300 })
    view.pass(15_000)
    view.signals.end()
    view.signals.breakEnd()
    view.pass(400)
    view.playback.move()
    view.pass(1000)
    return view
  }

  it('is the first thing seen, and no part of the start of the content', () => {
    const view = play()
    expect(view.said.find(({ type }) => type === 'first_frame')).toMatchObject({
      startup_ms: 500,
      ad_first: true,
    })
    expect(view.totals()).toMatchObject({ startup_ms: 500, content_startup_ms: 600 })
  })

  it('has times of its own', () => {
    expect(play().totals()).toMatchObject({
      playing_ms: 16_000,
      ad_ms: 15_000,
      ads: { break_count: 1, filled_break_count: 1, start_count: 1, complete_count: 1, load_ms: 300 },
    })
  })

  it('keeps the rules of order, in brackets', () => {
    const view = play()
    expect(view.types()).toEqual([
      'play_request starting',
      'ad_break_start starting',
      'ad_start starting in ad',
      'first_frame playing in ad',
      'ad_end starting',
      'ad_break_end starting',
      'playing playing',
    ])
    expect(checkOrder(view.said)).toEqual([])
    expect(view.resumed()).toBe(1)
  })
})

describe('an ad in what the element plays', () => {
  it('is the part of the playing time that it lasts, and its stalls are its own', () => {
    const view = bench()
    view.playback.play('user')
    view.playback.move()
    view.pass(5000)
    view.signals.breakStart({ inElement: true })
    view.signals.start({ ad_id: 'a1' })
    view.signals.quartile(1)
    view.pass(3000)
    view.playback.stand({ since: 7000, by: 'event' })
    view.pass(500)
    view.playback.move()
    view.pass(2500)
    view.signals.breakEnd()
    view.pass(1000)
    expect(view.breaks.outside).toBe(false)
    expect(checkOrder(view.said)).toEqual([])
    expect(view.said.find(({ type }) => type === 'ad_end')).toMatchObject({ reason: 'quit', played_ms: 4500 })
    expect(view.totals()).toMatchObject({
      playing_ms: 10_500,
      ad_ms: 4500,
      rebuffering_ms: 1500,
      ads: { rebuffering_ms: 1500, rebuffer_count: 1, quartile_1_count: 1 },
    })
  })
})

describe('what is told out of turn', () => {
  it('is brought into turn', () => {
    const view = bench()
    view.playback.play('user')
    view.playback.move()
    view.signals.quartile(1)
    view.signals.end()
    view.signals.breakEnd()
    view.signals.start({ ad_id: 'a1' })
    view.signals.start({ ad_id: 'a2' })
    view.signals.breakStart()
    view.signals.end('skipped')
    view.breaks.close()
    expect(checkOrder(view.said)).toEqual([])
    expect(view.types().filter((type) => type.startsWith('ad'))).toEqual([
      'ad_break_start playing',
      'ad_start playing in ad',
      'ad_end playing',
      'ad_start playing in ad',
      'ad_end playing',
      'ad_break_end playing',
      'ad_break_start starting',
      'ad_break_end starting',
    ])
  })
})

describe('an ad that fails', () => {
  it('is an error of its own that the view does not fail of, and ends', () => {
    const view = bench()
    view.playback.play('user')
    view.signals.breakStart()
    view.signals.error({ code: 'VAST_303', severity: 'fatal' })
    view.signals.breakEnd()
    expect(view.said.find(({ type }) => type === 'error')).toMatchObject({
      severity: 'warning',
      scope: 'ad',
      category: 'ad',
      code: 'VAST_303',
    })
    expect(view.totals()).toMatchObject({
      error_count: 1,
      ads: { error_count: 1, start_error_count: 1, failed_break_count: 1 },
    })
    expect(view.totals()).not.toHaveProperty('fatal_error')
  })
})

describe('a viewer who leaves in a break', () => {
  it('before any ad was on screen is counted', () => {
    const view = bench()
    view.playback.play('user')
    view.signals.breakStart()
    view.breaks.close()
    expect(view.totals().ads).toMatchObject({ exit_before_start_count: 1 })
  })
})

describe('what shows ads', () => {
  it('is listened to until the tracker stops, and nothing it does wrong comes back to it', () => {
    let told: Parameters<AdSource['connect']>[0] | undefined
    let stopped = false
    const view = bench({
      connect(signals) {
        told = signals
        return () => {
          stopped = true
        }
      },
    })
    expect(() => told!.start(null as never)).not.toThrow()
    view.stop()
    expect(stopped).toBe(true)
  })
})
