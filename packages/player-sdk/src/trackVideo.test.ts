// @vitest-environment happy-dom
import { MAX_PRODUCER_BODY_BYTES, WIRE_VERSION } from '@viewbeat/schema'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { version } from '../package.json' with { type: 'json' }
import { ads } from './ads/ads.ts'
import type { Engine, EngineReading, EngineSignals } from './engine.ts'
import { MAX_BODY_BYTES, SPEC } from './limits.ts'
import type { CapturedEvent, Tracker, TrackOptions } from './options.ts'
import { SDK } from './sdk.ts'
import { memoryTransport } from './testing/index.ts'
import { trackVideo } from './trackVideo.ts'

let requests: { url: string; request: RequestInit }[]
let beacons: { url: string; body: string }[]
let captured: CapturedEvent[]
let trackers: Tracker[]
/** A key for each test, because trackers of a page share what goes to one endpoint with one key. */
let tests = 0

beforeEach(() => {
  tests++
  requests = []
  beacons = []
  captured = []
  trackers = []
  vi.useFakeTimers()
  // Bodies to be read here; the tests of delivery have packed ones.
  vi.stubGlobal('CompressionStream', undefined)
  vi.stubGlobal('fetch', async (url: string, request: RequestInit) => {
    requests.push({ url, request })
    return new Response('{}', { status: 202 })
  })
  navigator.sendBeacon = (url, body) => {
    beacons.push({ url: String(url), body: String(body) })
    return true
  }
})
afterEach(async () => {
  for (const tracker of trackers) tracker.stop()
  await vi.advanceTimersByTimeAsync(0)
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const track = (
  video = document.createElement('video'),
  onEvent = (event: CapturedEvent) => void captured.push(event),
  more: Partial<TrackOptions> = {},
) => {
  const options = { endpoint: '/v1/events', key: `pk_${tests}`, content: { id: 'ep-101' }, onEvent, ...more }
  const tracker = trackVideo(video, options)
  trackers.push(tracker)
  return { video, tracker }
}
/** The types the host has seen; it sees each a microtask after it was captured. */
const types = async () => {
  await vi.advanceTimersByTimeAsync(0)
  return captured.map(({ type }) => type)
}

describe('trackVideo', () => {
  it('posts plain text without credentials or headers of its own, so that no preflight is asked', async () => {
    track()
    await vi.advanceTimersByTimeAsync(1000)
    expect(requests).toHaveLength(1)
    expect(requests[0]!.url).toBe(`/v1/events?key=pk_${tests}`)
    const { method, body, headers, credentials, keepalive } = requests[0]!.request
    expect({ method, headers, credentials, keepalive }).toEqual({
      method: 'POST',
      credentials: 'omit',
      keepalive: true,
    })
    expect(typeof body).toBe('string')
  })

  it('stamps what it shows the page with the view', async () => {
    const { tracker } = track()
    tracker.track('chapter', { n: 2 })
    await types()
    expect(captured.at(-1)).toMatchObject({
      type: 'custom',
      name: 'chapter',
      value: { n: 2 },
      seq: 1,
      view_id: tracker.viewId,
    })
  })

  it('measures the share of views it is told to, each whole, and says the share', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    track(undefined, undefined, { sampleRate: 0.5 })
    const { tracker } = track(undefined, undefined, { sampleRate: 0.6 })
    await vi.advanceTimersByTimeAsync(1000)
    const batches = requests.map(({ request }) => JSON.parse(String(request.body)))
    expect(batches.map(({ view_id }) => view_id)).toEqual([tracker.viewId])
    expect(batches[0].context.sample_rate).toBe(0.6)
  })

  it('gives up what waited for a choice, its open batch included, when that is a denial', async () => {
    const { tracker } = track(undefined, undefined, { consent: 'pending', whenDenied: 'anonymous' })
    tracker.track('one')
    tracker.setConsent('denied')
    tracker.track('two')
    await tracker.flush()
    const [batch] = requests.map(({ request }) => JSON.parse(String(request.body)))
    expect(batch).toMatchObject({ visit_id: tracker.viewId, dropped: { consent: 2 } })
    expect(batch.events[0]).toMatchObject({ seq: 2, name: 'two' })
  })

  it('shows each batch, why it leaves and what was lost, to who debugs, and to nobody else', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    await track().tracker.flush()
    expect(log).not.toHaveBeenCalled()
    const { tracker } = track(undefined, undefined, { debug: true })
    tracker.track('huge', 'x'.repeat(9000))
    await tracker.flush()
    const events = [expect.objectContaining({ seq: 0 }), expect.objectContaining({ type: 'heartbeat' })]
    expect(log.mock.calls).toEqual([['viewbeat', 'manual', events, 'lost', { too_large: 1 }]])
  })

  it('does not take back with a later tracker what the viewer has chosen meanwhile', async () => {
    const { tracker } = track(undefined, undefined, { consent: 'pending' })
    tracker.setConsent('granted')
    const { tracker: later } = track(undefined, undefined, { consent: 'pending' })
    await vi.advanceTimersByTimeAsync(1000)
    const sent = requests.flatMap(({ request }) => String(request.body).split('\n'))
    expect(sent.map((line) => JSON.parse(line).view_id)).toEqual([tracker.viewId, later.viewId])
  })

  it('does nothing where what it is told of the player is no JSON, rather than lose what it captures', () => {
    const { tracker } = track(undefined, undefined, { player: { name: 5n as never } })
    expect(tracker.viewId).toBe('')
  })

  it('sends by the browser although another tracker of the page has a way out of its own', async () => {
    track(undefined, undefined, { transport: memoryTransport() })
    track()
    await vi.advanceTimersByTimeAsync(1000)
    expect(requests).toHaveLength(1)
  })

  it('takes a word that it does not know for a denial', async () => {
    const { tracker } = track(undefined, undefined, { consent: 'pending' })
    tracker.setConsent('rejected' as never)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(requests).toEqual([])
  })

  it('keeps of a view that is over nothing for the case of a crash', async () => {
    const left: string[] = []
    vi.stubGlobal('fetchLater', (_url: string, { body }: { body: string }) => left.push(body))
    const { tracker } = track()
    tracker.stop()
    await vi.advanceTimersByTimeAsync(1000)
    const { tracker: next } = track()
    await vi.advanceTimersByTimeAsync(500)
    expect(left.at(-1)).toContain(next.viewId)
    expect(left.at(-1)).not.toContain(tracker.viewId)
  })

  it('sends no second request as a visible page goes where the browser keeps what was left with it', () => {
    vi.stubGlobal('fetchLater', () => {})
    track()
    window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }))
    expect(beacons).toEqual([])
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(beacons).toHaveLength(1)
  })

  it('corrects a content nobody asked to play, and begins a view with each later one', async () => {
    const { tracker, video } = track()
    const first = tracker.viewId
    tracker.setContent({ id: 'ep-102' })
    expect(tracker.viewId).toBe(first)
    video.dispatchEvent(new Event('play'))
    tracker.setContent({ id: 'ep-103' })
    expect(tracker.viewId).not.toBe(first)
    expect(await types()).toEqual(['view_start', 'play_request', 'view_end', 'view_start'])
    expect(captured[2]).toMatchObject({ reason: 'source_change', view_id: first })
  })

  describe('given another content while one plays', () => {
    /** An element that has been playing for 40 s, whose player takes a task to give it another source. */
    const playing = async () => {
      const video = document.createElement('video')
      const standing = { paused: true, currentTime: 40, readyState: 4, currentSrc: 'https://a.example/1.mp4' }
      for (const name of Object.keys(standing) as (keyof typeof standing)[])
        Object.defineProperty(video, name, { get: () => standing[name] })
      const { tracker } = track(video)
      standing.paused = false
      video.dispatchEvent(new Event('play'))
      const first = tracker.viewId
      await types()
      tracker.setContent({ id: 'ep-102' })
      const changeSource = () => {
        Object.assign(standing, { currentTime: 0, readyState: 0, currentSrc: 'https://a.example/2.mp4' })
        video.dispatchEvent(new Event('emptied'))
        video.dispatchEvent(new Event('loadstart'))
      }
      const last = () => captured.filter(({ view_id }) => view_id === tracker.viewId)
      return { tracker, standing, first, last, changeSource }
    }

    it('begins one view, though the source comes a moment later', async () => {
      const { tracker, first, changeSource } = await playing()
      await vi.advanceTimersByTimeAsync(1)
      changeSource()
      await vi.advanceTimersByTimeAsync(2000)
      expect(new Set(captured.map(({ view_id }) => view_id))).toEqual(new Set([first, tracker.viewId]))
    })

    it('takes nothing of where the one before stood for the next', async () => {
      const { tracker, standing, last, changeSource } = await playing()
      changeSource()
      Object.assign(standing, { currentTime: 1, readyState: 4 })
      await vi.advanceTimersByTimeAsync(2000)
      tracker.stop()
      await types()
      expect(last()[0]).toMatchObject({ playhead_ms: null })
      expect(last().at(-1)).toMatchObject({ totals: { max_playhead_ms: 1000 } })
    })

    it('goes on a moment later where the same stream shows it', async () => {
      const { last } = await playing()
      await vi.advanceTimersByTimeAsync(100)
      expect(last().map(({ type }) => type)).toEqual(['view_start', 'play_request', 'first_frame'])
      expect(last()[1]).toMatchObject({ playhead_ms: 40_000 })
    })
  })

  it('resolves flush when what was captured is answered for', async () => {
    let answer = (_response: Response) => {}
    vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (answer = resolve)))
    const { tracker } = track()
    let done = false
    void tracker.flush().then(() => {
      done = true
    })
    await vi.advanceTimersByTimeAsync(1000)
    expect(done).toBe(false)
    answer(new Response('{}', { status: 202 }))
    await vi.advanceTimersByTimeAsync(0)
    expect(done).toBe(true)
  })

  it('ends a view once, even when the host stops it from within its last event', async () => {
    const video = document.createElement('video')
    const { tracker } = track(video, (event) => {
      captured.push(event)
      if (event.type === 'view_end') tracker.stop()
    })
    tracker.stop()
    expect(await types()).toEqual(['view_start', 'view_end'])
  })

  it('counts an event that the host tracks from within another in the view that is current then', async () => {
    const { tracker, video } = track(document.createElement('video'), (event) => {
      captured.push(event)
      if (event.type === 'view_start') tracker.track('seen')
    })
    video.dispatchEvent(new Event('play'))
    await types()
    tracker.setContent({ id: 'ep-103' })
    await types()
    const last = captured.filter(({ view_id }) => view_id === tracker.viewId)
    expect(last.map(({ type }) => type)).toEqual(['view_start', 'custom'])
  })

  it('keeps its view when it is given a content that is no JSON', () => {
    const { tracker, video } = track()
    video.dispatchEvent(new Event('play'))
    const { viewId } = tracker
    tracker.setContent({ id: 'ep-104', duration_ms: 5n as never })
    expect(tracker.viewId).toBe(viewId)
  })

  it('charges an error before the start to the content that failed, not to the next', async () => {
    const { tracker, video } = track()
    Object.defineProperty(video, 'error', { value: { code: 4 } })
    video.dispatchEvent(new Event('error'))
    const failed = tracker.viewId
    tracker.setContent({ id: 'ep-105' })
    expect(tracker.viewId).not.toBe(failed)
    expect(await types()).toEqual(['view_start', 'error', 'view_end', 'view_start'])
  })

  it('does nothing where it is given no video or no options', () => {
    expect(trackVideo(null as never, {} as never).viewId).toBe('')
    expect(trackVideo(document.createElement('video'), undefined as never).viewId).toBe('')
  })

  it('beacons view_end when a hidden page goes', async () => {
    track()
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }))
    expect((await types()).at(-1)).toBe('view_end')
    expect(beacons).toHaveLength(1)
    expect(JSON.parse(beacons[0]!.body).events.at(-1)).toMatchObject({ type: 'view_end', reason: 'unload' })
  })

  it('beacons what it has when a visible page goes, and view_end after what other listeners caused', async () => {
    const { tracker } = track()
    window.addEventListener('pagehide', () => tracker.track('late'), { once: true })
    window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }))
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    const sent = beacons.flatMap(({ body }) => JSON.parse(body).events.map(({ type }: CapturedEvent) => type))
    expect(sent).toEqual(['view_start', 'heartbeat', 'custom', 'view_end'])
  })

  it('goes on with the same view after the back/forward cache, its absence counted apart', async () => {
    const { tracker } = track()
    const { viewId } = tracker
    window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }))
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    document.dispatchEvent(new Event('freeze'))
    visibility.mockRestore()
    await vi.advanceTimersByTimeAsync(60_000)
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    expect(tracker.viewId).toBe(viewId)
    await types()
    expect(captured.at(-1)).toMatchObject({ type: 'visibility_change', cause: 'bfcache', away_ms: 60_000 })
    tracker.stop()
    await types()
    expect(captured.at(-1)).toMatchObject({ totals: { away_ms: 60_000 } })
  })

  it('never listens to unload or beforeunload, which keep pages out of the back/forward cache', () => {
    const listened = vi.spyOn(window, 'addEventListener')
    track()
    const names = listened.mock.calls.map(([type]) => type)
    expect(names).toContain('pagehide')
    expect(names).not.toContain('unload')
    expect(names).not.toContain('beforeunload')
  })

  it.each([
    ['', undefined],
    [' in an ad break', ads()],
  ])('leaves no listener and no timer once it is stopped%s and its last batch delivered', async (_, more) => {
    const balance = new Map<string, number>()
    const video = document.createElement('video')
    for (const target of [video, document, window] as EventTarget[]) {
      const { addEventListener: add, removeEventListener: remove } = target
      const count = (type: string, by: number) => balance.set(type, (balance.get(type) ?? 0) + by)
      vi.spyOn(target, 'addEventListener').mockImplementation((type, ...rest) => {
        count(type, 1)
        add.call(target, type, ...rest)
      })
      vi.spyOn(target, 'removeEventListener').mockImplementation((type, ...rest) => {
        count(type, -1)
        remove.call(target, type, ...rest)
      })
    }
    const { tracker } = track(video, undefined, more && { ads: more })
    for (const type of ['play', 'playing', 'waiting', 'volumechange']) video.dispatchEvent(new Event(type))
    tracker.ads?.breakStart()
    expect(vi.getTimerCount()).toBeGreaterThan(0)
    tracker.stop()
    await vi.advanceTimersByTimeAsync(0)
    expect(balance.size).toBeGreaterThan(10)
    expect([...balance.values()].every((left) => left === 0)).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer where it is stopped before it has looked at a video that plays', async () => {
    const video = document.createElement('video')
    Object.defineProperty(video, 'paused', { value: false })
    track(video).tracker.stop()
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('dates the wish to play by when `play` was called, not by when a busy page hears of it', async () => {
    const { video } = track()
    await vi.advanceTimersByTimeAsync(1000)
    const event = new Event('play')
    await vi.advanceTimersByTimeAsync(300)
    video.dispatchEvent(event)
    await types()
    expect(captured.at(-1)).toMatchObject({ type: 'play_request', t_ms: 1000 })
  })

  it('lets a page tell of ads where it does nothing', () => {
    const { tracker } = track(undefined, undefined, { enabled: false, ads: ads() })
    tracker.ads!.breakStart({ position: 'pre' })
    tracker.ads!.start({ ad_id: 'a' })
    tracker.ads!.error({ code: '303' })
    tracker.ads!.breakEnd()
    expect(track(undefined, undefined, { enabled: false }).tracker.ads).toBeUndefined()
  })

  it('throws nothing into the page, whatever the player, the host or the browser throws', async () => {
    const escaped = vi.fn()
    window.addEventListener('error', escaped)
    const { video, tracker } = track(document.createElement('video'), () => {
      throw new Error('host')
    })
    const broken = () => {
      throw new Error('player')
    }
    for (const name of ['currentTime', 'paused', 'buffered', 'duration', 'videoWidth', 'error', 'readyState'])
      Object.defineProperty(video, name, { get: broken })
    video.getVideoPlaybackQuality = broken
    const all = [
      'loadstart',
      'resize',
      'play',
      'playing',
      'waiting',
      'pause',
      'seeking',
      'seeked',
      'ended',
      'error',
      'timeupdate',
      'ratechange',
      'volumechange',
    ]
    for (const type of all) video.dispatchEvent(new Event(type))
    const circular: Record<string, unknown> = {}
    circular.self = circular
    tracker.track('circular', circular)
    tracker.track('bigint', 1n)
    tracker.setContent(undefined as never)
    await vi.advanceTimersByTimeAsync(60_000)
    await tracker.flush()
    tracker.stop()
    window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }))
    expect(escaped).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(0)
    const seqs = requests
      .flatMap(({ request }) => JSON.parse(String(request.body)).events)
      .map(({ seq }) => seq)
    expect(seqs.length).toBeGreaterThan(3)
    expect(seqs).toEqual(seqs.map((_, index) => index))
  })
})

describe('what the SDK repeats of the schema', () => {
  it('agrees with it', () => {
    expect(SPEC).toBe(WIRE_VERSION)
    expect(MAX_BODY_BYTES).toBe(MAX_PRODUCER_BODY_BYTES)
    expect(SDK.version).toBe(version)
  })
})

describe('an engine', () => {
  const fake = (reading: () => EngineReading = () => ({})) => {
    let signals: EngineSignals | undefined
    let connected = 0
    const engine: Engine = {
      player: { engine: 'hls.js', engine_version: '1.7.4' },
      connect(to) {
        signals = to
        connected++
        return () => connected--
      },
      read: reading,
    }
    return { engine, tell: () => signals!, connected: () => connected }
  }
  const played = async (more: Partial<TrackOptions>) => {
    const video = document.createElement('video')
    const { tracker } = track(video, undefined, more)
    video.dispatchEvent(new Event('play'))
    await vi.advanceTimersByTimeAsync(0)
    return { video, tracker }
  }

  it('that puts the next content into an element as it is: a second later its place counts for that', async () => {
    const { engine, tell } = fake()
    const video = document.createElement('video')
    Object.defineProperty(video, 'currentTime', { value: 40 })
    Object.defineProperty(video, 'readyState', { value: 4 })
    const { tracker } = track(video, undefined, { engine })
    tell().source('https://a.example/1.mpd')
    video.dispatchEvent(new Event('play'))
    await types()
    tell().source('https://a.example/2.mpd')
    for (const wait of [500, 600]) {
      await vi.advanceTimersByTimeAsync(wait)
      tracker.track('chapter')
    }
    await types()
    const told = captured.filter(({ type, view_id }) => type === 'custom' && view_id === tracker.viewId)
    expect(told.map(({ playhead_ms }) => playhead_ms)).toEqual([null, 40_000])
  })

  it('whose every getter throws, and that throws when it is listened to, breaks nothing', async () => {
    const engine = new Proxy({} as Engine, {
      get() {
        throw new Error('the player is gone')
      },
    })
    const errors: unknown[] = []
    const { tracker } = await played({ engine })
    window.addEventListener('error', ({ error }) => errors.push(error))
    tracker.stop()
    expect(await types()).toEqual(['view_start', 'play_request', 'view_end'])
    expect(errors).toEqual([])
  })

  it('is named in the context, and is no longer listened to after stop', async () => {
    const { engine, connected } = fake()
    const { tracker } = await played({ engine })
    expect(connected()).toBe(1)
    tracker.stop()
    await tracker.flush()
    expect(connected()).toBe(0)
    expect(JSON.parse(String(requests.at(-1)!.request.body).split('\n')[0]!).context.player).toEqual({
      name: 'html5',
      engine: 'hls.js',
      engine_version: '1.7.4',
    })
  })

  it('that raises fifty errors and goes on has raised one event, and the view has not failed', async () => {
    const { engine, tell } = fake()
    await played({ engine })
    for (let n = 0; n < 50; n++) {
      tell().error({
        severity: 'warning',
        category: 'network',
        code: 'fragLoadError',
        http_status: 503,
        message: 'GET https://cdn.example/a.m4s?token=secret failed for jane@example.com',
        recovered: true,
      })
      await vi.advanceTimersByTimeAsync(20)
    }
    await vi.advanceTimersByTimeAsync(6000)
    expect(captured.filter(({ type }) => type === 'error')).toMatchObject([
      { count: 50, severity: 'warning', recovered: true, message: 'GET <url> failed for <address>' },
    ])
    expect(captured.at(-1)).toMatchObject({ state: 'starting' })
  })

  it('may be told by the host which errors are refusals on purpose', async () => {
    const { engine, tell } = fake()
    await played({ engine, isBusinessError: ({ http_status }) => http_status === 403 })
    tell().error({ severity: 'fatal', category: 'manifest', code: 'manifestLoadError', http_status: 403 })
    await types()
    expect(captured.at(-1)).toMatchObject({
      type: 'error',
      severity: 'fatal',
      business: true,
      state: 'failed',
    })
  })

  it('says from which host media comes; only another one is a change', async () => {
    const { engine, tell } = fake()
    await played({ engine })
    tell().host('https://a.cdn.example/1.m4s?token=x')
    tell().host('https://a.cdn.example/2.m4s')
    tell().host('https://b.cdn.example/3.m4s', 'failover')
    await types()
    expect(captured.filter(({ type }) => type === 'cdn_change')).toMatchObject([
      { host: 'b.cdn.example', from_host: 'a.cdn.example', reason: 'failover' },
    ])
  })

  it('that is given another source begins another view, and the same source again does not', async () => {
    const { engine, tell } = fake()
    const { tracker } = await played({ engine })
    const first = tracker.viewId
    tell().source('https://cdn.example/1.m3u8')
    tell().source('https://cdn.example/1.m3u8')
    expect(tracker.viewId).toBe(first)
    tell().source('https://cdn.example/2.m3u8')
    expect(tracker.viewId).not.toBe(first)
  })

  it('that plays live has its positions by the wall clock', async () => {
    const { engine } = fake(() => ({ live: { latency_ms: 4000 }, date_ms: 1_790_000_000_000 }))
    const video = document.createElement('video')
    Object.defineProperties(video, { readyState: { value: 4 }, currentTime: { value: 12, writable: true } })
    track(video, undefined, { engine })
    await types()
    expect(captured[0]).toMatchObject({ playhead_ms: 1_790_000_000_000, playhead_kind: 'epoch' })
  })

  it('that was not allowed to begin has made no attempt', async () => {
    const { engine, tell } = fake()
    track(document.createElement('video'), undefined, { engine })
    tell().autoplayBlocked()
    expect(await types()).toEqual(['view_start', 'play_request', 'pause'])
    expect(captured.at(-1)).toMatchObject({ reason: 'autoplay_blocked', state: 'paused' })
  })
})

describe('the host', () => {
  it('hears of each view as it begins, and of the end of tracking', () => {
    const views: (string | undefined)[] = []
    const { tracker } = track(undefined, undefined, {
      onView: (...of) => views.push(of[1]),
      content: { id: 'a' },
    })
    tracker.setContent({ id: 'b' })
    tracker.stop()
    expect(views).toEqual(['a', 'b', undefined])
  })

  it('may note an error that only it knows of', async () => {
    const { tracker } = track()
    tracker.error({ code: 'no-subscription', business: true })
    await types()
    expect(captured.at(-1)).toMatchObject({
      type: 'error',
      severity: 'fatal',
      category: 'other',
      code: 'no-subscription',
      business: true,
    })
  })

  it('tells of ads by the tracker, if it asked for that', async () => {
    const { tracker } = track(undefined, undefined, { ads: ads() })
    tracker.ads!.breakStart({ position: 'pre' })
    tracker.ads!.start({ ad_id: 'a1' })
    tracker.stop()
    expect(await types()).toEqual([
      'view_start',
      'play_request',
      'ad_break_start',
      'ad_start',
      'first_frame',
      'ad_end',
      'ad_break_end',
      'view_end',
    ])
    expect(track().tracker.ads).toBeUndefined()
  })
})
