// @vitest-environment happy-dom
// What a real hls.js does is in tests/ads; here is what cannot be made to happen there.
import type Hls from 'hls.js'
import type { Events } from 'hls.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { hlsInterstitials } from './hlsInterstitials.ts'
import { recordSignals } from './recordSignals.ts'

type Name = `${Events}`

const createHls = (media: HTMLMediaElement) => {
  const listeners = new Map<string, Set<(name: string, data: unknown) => void>>()
  return {
    media,
    on(name: string, listener: (name: string, data: unknown) => void) {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener))
    },
    off(name: string, listener: (name: string, data: unknown) => void) {
      listeners.get(name)?.delete(listener)
    },
    fire(name: Name, data: unknown = {}) {
      for (const listener of listeners.get(name) ?? []) listener(name, data)
    },
    get count() {
      return [...listeners.values()].reduce((sum, { size }) => sum + size, 0)
    },
  }
}

const createAsset = (identifier: string) => ({
  identifier,
  duration: 4,
  error: undefined as Error | undefined,
})
const createEvent = (appendInPlace = false, pre = false) => ({
  identifier: 'break-1',
  startOffset: pre ? 0 : 60,
  cue: { pre, post: false },
  appendInPlace,
  assetList: [{}, {}],
})

let now: number
let media: HTMLVideoElement
let hls: ReturnType<typeof createHls>
let recorded: ReturnType<typeof recordSignals>
let stop: () => void
beforeEach(() => {
  now = 0
  media = document.createElement('video')
  is({ paused: false, readyState: 4 })
  hls = createHls(media)
  recorded = recordSignals()
  stop = hlsInterstitials(hls, () => now).connect(recorded.signals)
})

/** What the element says of itself. */
const is = (state: { paused?: boolean; readyState?: number }) => {
  for (const [name, value] of Object.entries(state))
    Object.defineProperty(media, name, { value, configurable: true })
}

const begin = (asset = createAsset('a'), event = createEvent()) => {
  const player = { currentTime: 0, duration: 4 }
  hls.fire('hlsInterstitialStarted', { event })
  hls.fire('hlsInterstitialAssetStarted', { event, asset, assetListIndex: 0, player })
  return { asset, event, player }
}
const failure = { type: 'networkError', details: 'fragLoadError', fatal: false }
const names = () => recorded.told.map(([name]) => name)

describe('hlsInterstitials', () => {
  it('takes an hls.js instance for what it is', () => {
    // Only the compiler looks at this.
    const accept = (instance: Hls) => hlsInterstitials(instance)
    expect(accept).toBeTypeOf('function')
  })

  it('measures how long the screen waits for an ad', () => {
    begin()
    now = 730
    media.dispatchEvent(new Event('playing'))
    expect(recorded.told.at(-1)).toMatchObject(['start', { load_ms: 730 }])
  })

  it('waits for the first frame, or in a hidden page, which hears of none, for the time to go on', () => {
    media.requestVideoFrameCallback = () => 1
    media.cancelVideoFrameCallback = () => {}
    const { player } = begin()
    media.dispatchEvent(new Event('playing'))
    media.dispatchEvent(new Event('timeupdate'))
    expect(names()).toEqual(['breakStart'])
    player.currentTime = 0.2
    media.dispatchEvent(new Event('timeupdate'))
    expect(names()).toEqual(['breakStart', 'start'])
  })

  it('tells of no error that the ad goes on after', async () => {
    const { asset } = begin()
    media.dispatchEvent(new Event('playing'))
    hls.fire('hlsInterstitialAssetError', { ...failure, asset })
    await Promise.resolve()
    expect(names()).toEqual(['breakStart', 'start'])
  })

  it('tells of an error that ends the ad, before it tells of what comes next', async () => {
    const { asset, event } = begin()
    media.dispatchEvent(new Event('playing'))
    hls.fire('hlsInterstitialAssetError', { ...failure, asset })
    // hls.js marks the asset, and takes the mark off again before it says that the next one starts.
    hls.fire('hlsInterstitialAssetStarted', {
      event,
      asset: createAsset('b'),
      assetListIndex: 1,
      player: { currentTime: 0, duration: 4 },
    })
    media.dispatchEvent(new Event('playing'))
    expect(names()).toEqual(['breakStart', 'start', 'error', 'start'])
    await Promise.resolve()
    expect(names()).toHaveLength(4)
  })

  it('tells of an error that ends the ad though nothing comes next', async () => {
    const { asset } = begin()
    hls.fire('hlsInterstitialAssetError', { ...failure, asset })
    asset.error = new Error('gone')
    await Promise.resolve()
    expect(names()).toEqual(['breakStart', 'error'])
  })

  it('opens a break once, however often it is said to start', () => {
    const event = createEvent()
    hls.fire('hlsInterstitialStarted', { event })
    hls.fire('hlsInterstitialStarted', { event })
    expect(names()).toEqual(['breakStart'])
  })

  it('closes one break before the next', () => {
    hls.fire('hlsInterstitialStarted', { event: createEvent() })
    hls.fire('hlsInterstitialStarted', { event: createEvent() })
    expect(names()).toEqual(['breakStart', 'breakEnd', 'breakStart'])
  })

  it('closes the break when another source is loaded in it', () => {
    begin()
    hls.fire('hlsManifestLoading')
    expect(names()).toEqual(['breakStart', 'breakEnd'])
  })

  it('tells no quartile of a time that was jumped to', () => {
    const { player } = begin(createAsset('a'), createEvent(true))
    player.currentTime = 0.5
    media.dispatchEvent(new Event('timeupdate'))
    Object.defineProperty(media, 'seeking', { value: true })
    player.currentTime = 4
    media.dispatchEvent(new Event('timeupdate'))
    hls.fire('hlsInterstitialAssetEnded')
    expect(recorded.told.slice(1)).toEqual([
      ['start', { ad_id: 'a', pod_index: 1, duration_ms: 4000 }],
      ['end', 'skipped'],
    ])
  })

  it('tells of an ad in the content’s buffer once it is on screen, where the screen waits for it', () => {
    is({ readyState: 2 })
    begin(createAsset('a'), createEvent(true))
    expect(names()).toEqual(['breakStart'])
    now = 400
    media.dispatchEvent(new Event('playing'))
    expect(recorded.told.at(-1)).toMatchObject(['start', { load_ms: 400 }])
  })

  it('begins a break before the content when somebody plays, and counts its loading from then', () => {
    is({ paused: true })
    begin(createAsset('a'), createEvent(false, true))
    expect(names()).toEqual([])
    now = 5000
    media.dispatchEvent(new Event('play'))
    expect(names()).toEqual(['breakStart'])
    now = 5300
    media.dispatchEvent(new Event('playing'))
    expect(recorded.told.at(-1)).toMatchObject(['start', { load_ms: 300 }])
    hls.fire('hlsInterstitialEnded')
    media.dispatchEvent(new Event('play'))
    expect(names()).toEqual(['breakStart', 'start', 'breakEnd'])
  })

  it('tells of no break before the content that nobody came to see', () => {
    is({ paused: true })
    begin(createAsset('a'), createEvent(false, true))
    hls.fire('hlsDestroying')
    media.dispatchEvent(new Event('play'))
    expect(names()).toEqual([])
  })

  it('leaves no listener when it is stopped', () => {
    begin()
    stop()
    expect(hls.count).toBe(0)
    media.dispatchEvent(new Event('playing'))
    expect(names()).toEqual(['breakStart', 'breakEnd'])
  })
})
