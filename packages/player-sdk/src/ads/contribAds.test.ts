// What the real plugin does is in tests/ads; here is what cannot be made to happen there.

import type videojs from 'video.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { contribAds } from './contribAds.ts'
import { recordSignals } from './recordSignals.ts'

const createPlayer = () => {
  const listeners = new Map<string, Set<(event: object) => void>>()
  return {
    ads: {} as object,
    time: 0,
    currentTime() {
      return this.time
    },
    duration: () => 20 as number | undefined,
    on(type: string, listener: (event: object) => void) {
      listeners.set(type, (listeners.get(type) ?? new Set()).add(listener))
    },
    off(type: string, listener: (event: object) => void) {
      listeners.get(type)?.delete(listener)
    },
    trigger(type: string, event: object = {}) {
      for (const listener of listeners.get(type) ?? []) listener(event)
    },
    get count() {
      return [...listeners.values()].reduce((sum, { size }) => sum + size, 0)
    },
  }
}

let now: number
let player: ReturnType<typeof createPlayer>
let recorded: ReturnType<typeof recordSignals>
beforeEach(() => {
  now = 0
  player = createPlayer()
  recorded = recordSignals()
})

const connect = () => contribAds(player, { now: () => now }).connect(recorded.signals)
const names = () => recorded.told.map(([name]) => name)

describe('contribAds', () => {
  it('takes a Video.js player for what it is', () => {
    // Only the compiler looks at this.
    const accept = (instance: ReturnType<typeof videojs>) => contribAds(instance)
    expect(accept).toBeTypeOf('function')
  })

  it('tells what a plugin says of ad and pod by convention', () => {
    connect()
    player.ads = { adType: 'midroll', pod: { id: 'pod-7', size: 2 }, ad: { id: 'ad-9', duration: 15.2 } }
    player.trigger('adstart')
    now = 420
    player.trigger('ads-ad-started')
    expect(recorded.told).toEqual([
      [
        'breakStart',
        { break_id: 'pod-7', position: 'mid', ads_planned: 2, insertion: 'client', inElement: true },
      ],
      ['start', { ad_id: 'ad-9', pod_index: 1, duration_ms: 15_200, load_ms: 420 }],
    ])
  })

  it('starts an ad once, whichever of its two signs comes first, and again after a pause not at all', () => {
    connect()
    player.trigger('adstart')
    player.trigger('adplaying')
    player.trigger('ads-ad-started')
    player.trigger('adplaying')
    player.trigger('adended')
    player.trigger('ads-ad-started')
    player.trigger('adplaying')
    expect(names()).toEqual(['breakStart', 'start', 'quartile', 'quartile', 'quartile', 'end', 'start'])
  })

  it('starts the next ad of a plugin that never says that one ended', () => {
    connect()
    player.trigger('adstart')
    player.trigger('ads-ad-started')
    player.trigger('ads-ad-started')
    expect(recorded.told.filter(([name]) => name === 'start')).toMatchObject([
      ['start', { pod_index: 1 }],
      ['start', { pod_index: 2 }],
    ])
  })

  it('tells a quartile once, from the time or from the plugin', () => {
    connect()
    player.trigger('adstart')
    player.trigger('adplaying')
    player.time = 6
    player.trigger('adtimeupdate')
    player.trigger('ads-first-quartile')
    player.trigger('ads-midpoint')
    player.time = 11
    player.trigger('adtimeupdate')
    expect(recorded.told.filter(([name]) => name === 'quartile')).toEqual([
      ['quartile', 1],
      ['quartile', 2],
    ])
  })

  it('tells of an error that contrib-ads has no answer to', () => {
    connect()
    player.trigger('adserror')
    player.trigger('vjsadserror', { error: { errorType: 'ads-macro-replacement-failed' } })
    player.trigger('adserror')
    expect(recorded.told).toEqual([
      ['error', { code: 'adserror' }],
      ['error', { code: 'adserror' }],
    ])
  })

  it('closes the break when the content changes in it', () => {
    connect()
    player.trigger('adstart')
    player.trigger('contentchanged')
    expect(names()).toEqual(['breakStart', 'breakEnd'])
  })

  it('tells nothing of times and quartiles outside of ads', () => {
    connect()
    player.trigger('adtimeupdate')
    player.trigger('ads-midpoint')
    player.trigger('adended')
    expect(recorded.told).toEqual([])
  })

  it('leaves no listener when it is stopped', () => {
    const stop = connect()
    expect(player.count).toBeGreaterThan(10)
    stop()
    expect(player.count).toBe(0)
  })
})
