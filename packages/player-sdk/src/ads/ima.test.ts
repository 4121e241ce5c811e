/// <reference types="google_interactive_media_ads_types" />
// Google serves the SDK itself from one address only, so it is not run here: the fake below has the shape of its published
// typings, and the compiler holds the names and what is read of the objects against them. The orders of events are those
// that its documentation describes.
import { beforeEach, describe, expect, it } from 'vitest'
import { type ImaEvent, ima } from './ima.ts'
import { recordSignals } from './recordSignals.ts'

/** Every name that the typings have. */
type EventName = `${google.ima.AdEvent.Type}` | `${google.ima.AdErrorEvent.Type}`

const NAMES: Record<EventName, true> = {
  adBreakFetchError: true,
  adBreakReady: true,
  adBuffering: true,
  adCanPlay: true,
  adError: true,
  adMetadata: true,
  adProgress: true,
  allAdsCompleted: true,
  click: true,
  complete: true,
  contentPauseRequested: true,
  contentResumeRequested: true,
  durationChange: true,
  firstquartile: true,
  impression: true,
  interaction: true,
  linearChanged: true,
  loaded: true,
  log: true,
  midpoint: true,
  pause: true,
  resume: true,
  skip: true,
  skippableStateChanged: true,
  start: true,
  thirdquartile: true,
  userClose: true,
  videoClicked: true,
  videoIconClicked: true,
  volumeChanged: true,
  volumeMuted: true,
}

/** What an ad of a test differs in from the one below. */
interface AdFields {
  id?: string
  creativeId?: string
  universalAdIds?: string[]
  duration?: number
  skipOffset?: number
  linear?: boolean
  position?: number
  total?: number
  podIndex?: number
  timeOffset?: number
}

const createAd = ({
  id = 'ad-1',
  creativeId = 'cr-1',
  universalAdIds = ['unknown', 'ABCD1234000H'],
  duration = 15.02,
  skipOffset = -1,
  linear = true,
  position = 1,
  total = 1,
  podIndex = 0,
  timeOffset = 0,
}: AdFields = {}) => {
  const pod: Partial<google.ima.AdPodInfo> = {
    getAdPosition: () => position,
    getTotalAds: () => total,
    getPodIndex: () => podIndex,
    getTimeOffset: () => timeOffset,
  }
  const ad: Partial<google.ima.Ad> = {
    isLinear: () => linear,
    getAdId: () => id,
    getCreativeId: () => creativeId,
    getUniversalAdIds: () =>
      universalAdIds.map((value) => ({ getAdIdValue: () => value, getAdIdRegistry: () => 'ad-id.org' })),
    getDuration: () => duration,
    getSkipTimeOffset: () => skipOffset,
    getAdPodInfo: () => pod as google.ima.AdPodInfo,
  }
  return ad as google.ima.Ad
}

const createError = (type: `${google.ima.AdError.Type}`, code: number) =>
  ({
    getType: () => type,
    getErrorCode: () => code,
    getMessage: () => `error ${code}`,
  }) as google.ima.AdError

const createTarget = (custom = false) => {
  const listeners = new Map<string, Set<(event: ImaEvent) => void>>()
  return {
    listeners,
    isCustomPlaybackUsed: () => custom,
    addEventListener(type: string, listener: (event: ImaEvent) => void) {
      listeners.set(type, (listeners.get(type) ?? new Set()).add(listener))
    },
    removeEventListener(type: string, listener: (event: ImaEvent) => void) {
      listeners.get(type)?.delete(listener)
    },
    fire(type: EventName, event: Partial<google.ima.AdEvent & google.ima.AdErrorEvent> = {}) {
      for (const listener of listeners.get(type) ?? []) listener(event)
    },
    get count() {
      return [...listeners.values()].reduce((sum, { size }) => sum + size, 0)
    },
  }
}

let now: number
let manager: ReturnType<typeof createTarget>
let recorded: ReturnType<typeof recordSignals>
beforeEach(() => {
  now = 1000
  manager = createTarget()
  recorded = recordSignals()
})

const connect = () => {
  const ads = ima(undefined, () => now)
  ads.use(manager)
  return ads.connect(recorded.signals)
}
const fire = (type: EventName, ad?: google.ima.Ad) => manager.fire(type, { getAd: () => ad ?? null })

describe('ima', () => {
  it('listens to events that IMA has, by the names that IMA gives them', () => {
    connect()
    expect([...manager.listeners.keys()].filter((name) => !(name in NAMES))).toEqual([])
    expect(manager.listeners.size).toBeGreaterThan(15)
  })

  it('takes the objects of the SDK for what they are', () => {
    // Only the compiler looks at this.
    const accept = (loader: google.ima.AdsLoader, adsManager: google.ima.AdsManager) =>
      ima(loader).use(adsManager)
    expect(accept).toBeTypeOf('function')
  })

  it('tells of a break, its ad, its quartiles and its end', () => {
    connect()
    const ad = createAd({ skipOffset: 5 })
    fire('contentPauseRequested', ad)
    now += 640
    fire('start', ad)
    fire('impression', ad)
    fire('firstquartile', ad)
    fire('midpoint', ad)
    fire('thirdquartile', ad)
    fire('click', ad)
    fire('complete', ad)
    fire('contentResumeRequested')
    expect(recorded.told).toEqual([
      ['breakStart', { ads_planned: 1, insertion: 'client', inElement: false }],
      [
        'start',
        {
          ad_id: 'ad-1',
          creative_id: 'cr-1',
          universal_ad_id: 'ABCD1234000H',
          pod_index: 1,
          duration_ms: 15_020,
          skippable: true,
          load_ms: 640,
        },
      ],
      ['quartile', 1],
      ['quartile', 2],
      ['quartile', 3],
      ['click'],
      ['end', 'completed'],
      ['breakEnd'],
    ])
  })

  it('tells of each ad of a pod, and how long the screen waited for it', () => {
    connect()
    fire('adBreakReady')
    now += 300
    fire('contentPauseRequested', createAd({ total: 2, podIndex: 1, timeOffset: 60 }))
    now += 200
    fire('start', createAd({ total: 2 }))
    now += 15_000
    fire('complete')
    now += 120
    fire('start', createAd({ id: 'ad-2', total: 2, position: 2 }))
    fire('skip')
    fire('contentResumeRequested')
    fire('allAdsCompleted')
    expect(recorded.told).toMatchObject([
      ['breakStart', { position: 'mid', ads_planned: 2 }],
      ['start', { ad_id: 'ad-1', pod_index: 1, load_ms: 500, skippable: false }],
      ['end', 'completed'],
      ['start', { ad_id: 'ad-2', pod_index: 2, load_ms: 120 }],
      ['end', 'skipped'],
      ['breakEnd'],
      ['breakEnd'],
    ])
  })

  it.each([
    ['mid', { podIndex: 2, timeOffset: 600 }],
    ['post', { podIndex: -1, timeOffset: -1 }],
    [undefined, { podIndex: 0, timeOffset: 0 }],
  ])(
    'tells the position %s of a pod, and none where 0 may mean that there is no schedule',
    (position, pod) => {
      connect()
      fire('contentPauseRequested', createAd(pod))
      const [, about] = recorded.told[0]! as [string, { position?: string }]
      expect(about.position).toBe(position)
      expect('position' in about).toBe(position !== undefined)
    },
  )

  it('leaves out what IMA does not know', () => {
    connect()
    fire('contentPauseRequested')
    fire(
      'start',
      createAd({ id: '', creativeId: '', universalAdIds: ['unknown'], duration: -1, position: 0 }),
    )
    expect(recorded.told[1]).toEqual(['start', { skippable: false, load_ms: 0 }])
  })

  it('says that an ad is in the element where IMA plays it there', () => {
    manager = createTarget(true)
    connect()
    fire('contentPauseRequested')
    expect(recorded.told).toEqual([['breakStart', { insertion: 'client', inElement: true }]])
  })

  it('ends a wait for data with the next progress', () => {
    connect()
    fire('start', createAd())
    recorded.take()
    fire('adProgress')
    fire('adBuffering')
    fire('adProgress')
    fire('adProgress')
    fire('pause')
    fire('resume')
    expect(recorded.told).toEqual([
      ['buffering', true],
      ['buffering', false],
      ['paused', true],
      ['paused', false],
    ])
  })

  it('ends ad and break after an error, though IMA asks for no resumption', () => {
    connect()
    fire('contentPauseRequested')
    fire('start', createAd())
    recorded.take()
    manager.fire('adError', { getError: () => createError('adPlayError', 400) })
    expect(recorded.told).toEqual([
      ['error', { code: 'adPlayError', message: 'error 400', engine_code: '400' }],
      ['breakEnd'],
    ])
  })

  it('tells of an error of another ad only when the one on screen has left', () => {
    connect()
    fire('contentPauseRequested')
    fire('start', createAd())
    manager.fire('log', { getAdData: () => ({ adError: createError('adLoadError', 303) }) })
    fire('complete')
    fire('contentResumeRequested')
    expect(recorded.told.map(([name]) => name)).toEqual(['breakStart', 'start', 'end', 'error', 'breakEnd'])
  })

  it('tells of an error of the ad on screen at once, and of the next ad after it', () => {
    connect()
    fire('start', createAd())
    manager.fire('log', { getAdData: () => ({ adError: createError('adPlayError', 402) }) })
    fire('start', createAd({ id: 'ad-2' }))
    fire('complete')
    expect(
      recorded.told.map(([name, about]) => [name, (about as { code?: string }).code ?? about]),
    ).toMatchObject([
      ['breakStart', {}],
      ['start', { ad_id: 'ad-1' }],
      ['error', 'adPlayError'],
      ['start', { ad_id: 'ad-2' }],
      ['end', 'completed'],
    ])
  })

  it('tells of an error at once while no ad is on screen', () => {
    connect()
    fire('contentPauseRequested')
    manager.fire('log', { getAdData: () => ({ adError: createError('adLoadError', 303) }) })
    expect(recorded.told.map(([name]) => name)).toEqual(['breakStart', 'error'])
  })

  it('takes other log entries for no errors', () => {
    connect()
    manager.fire('log', { getAdData: () => ({ type: 'something' }) })
    manager.fire('log', { getAdData: () => null })
    expect(recorded.told).toEqual([])
  })

  it('tells of a break that could not be fetched without opening one', () => {
    connect()
    fire('adBreakReady')
    now += 8000
    fire('adBreakFetchError')
    now += 60_000
    fire('contentPauseRequested')
    fire('start', createAd())
    expect(recorded.told).toMatchObject([
      ['error', { code: 'adBreakFetchError' }],
      ['breakStart', {}],
      ['start', { load_ms: 0 }],
    ])
  })

  it('tells nothing of ads that lie over the content', () => {
    connect()
    const ad = createAd({ linear: false })
    for (const name of ['start', 'impression', 'firstquartile', 'click', 'complete', 'userClose'] as const)
      fire(name, ad)
    expect(recorded.told).toEqual([])
  })

  it('opens a break for an ad that comes without one', () => {
    connect()
    fire('start', createAd())
    expect(recorded.told.map(([name]) => name)).toEqual(['breakStart', 'start'])
  })

  it('tells of errors of the request, which the loader has', () => {
    const loader = createTarget()
    const stop = ima(loader).connect(recorded.signals)
    loader.fire('adError', { getError: () => createError('adLoadError', 1009) })
    expect(recorded.told).toEqual([
      ['error', { code: 'adLoadError', message: 'error 1009', engine_code: '1009' }],
    ])
    stop()
    expect(loader.count).toBe(0)
  })

  it('follows a manager handed over before it is connected, after it, and instead of another', () => {
    const ads = ima()
    ads.use(manager)
    ads.connect(recorded.signals)
    fire('start', createAd())
    const next = createTarget()
    ads.use(next)
    expect(manager.count).toBe(0)
    next.fire('start', { getAd: () => createAd({ id: 'ad-2' }) })
    expect(recorded.told).toMatchObject([
      ['breakStart', {}],
      ['start', { ad_id: 'ad-1' }],
      ['breakEnd'],
      ['breakStart', {}],
      ['start', { ad_id: 'ad-2' }],
    ])
  })

  it('leaves no listener when it is stopped', () => {
    const stop = connect()
    expect(manager.count).toBeGreaterThan(15)
    stop()
    expect(manager.count).toBe(0)
  })

  it('throws nothing into the SDK, whatever an ad is like', () => {
    connect()
    const ad = { isLinear: () => true } as google.ima.Ad
    expect(() => fire('start', ad)).not.toThrow()
    expect(() => manager.fire('log', {})).not.toThrow()
  })
})
