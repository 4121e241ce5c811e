// @vitest-environment happy-dom
import { MediaPlayer } from 'dashjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { recordSignals } from '../../test/recordSignals.ts'
import { dash } from './dash.ts'

const VIDEO = { bandwidth: 300_000, width: 640, height: 360, frameRate: 25, codecs: 'avc1.64001e' }

const request = (more: object = {}) => ({
  url: 'https://a.example/1.m4s?token=1',
  type: 'MediaSegment',
  mediaType: 'video',
  startDate: new Date(1000),
  firstByteDate: new Date(1020),
  endDate: new Date(1050),
  bytesLoaded: 4000,
  duration: 2,
  representation: VIDEO,
  ...more,
})

const rangesOf = (...ranges: [number, number][]) => ({
  length: ranges.length,
  start: (i: number) => ranges[i]![0],
  end: (i: number) => ranges[i]![1],
})

/** A dash.js of its own package that plays nothing, and whose methods can answer anything. */
const bench = (methods: object = {}, options?: Parameters<typeof dash>[1]) => {
  const player = MediaPlayer().create()
  const media = document.createElement('video')
  const standing = { currentTime: 0, paused: false, readyState: 4, buffered: rangesOf() }
  for (const name of Object.keys(standing) as (keyof typeof standing)[])
    Object.defineProperty(media, name, { get: () => standing[name] })
  const answers = {
    getVideoElement: () => media,
    getSource: () => '/1.mpd',
    getSettings: () => ({ streaming: { abr: { autoSwitchBitrate: { video: true, audio: false } } } }),
    getDashMetrics: () => ({ getCurrentHttpRequest: () => ({ actualurl: null }) }),
    getDvrWindow: () => ({ start: 0, end: 60 }),
    getTargetLiveDelay: () => 4,
    isDynamic: () => false,
  }
  Object.assign(player, answers, methods)
  const engine = dash(player, options)
  const recorded = recordSignals()
  const tell = (type: string, data: object = {}) => player.trigger(type as never, data, {})
  return { player, media, standing, engine, tell, ...recorded, stop: engine.connect(recorded.signals) }
}

beforeEach(() => vi.stubGlobal('location', new URL('https://page.example/watch')))
afterEach(() => vi.unstubAllGlobals())

describe('dash', () => {
  it('says which dash.js it is', () => {
    const { engine, player } = bench()
    expect(engine.player).toEqual({ engine: 'dash.js', engine_version: player.getVersion() })
  })

  it('tells the renditions that are on screen and to be heard, not those that are asked for', () => {
    const { tell, of } = bench()
    const audio = { bandwidth: 64_000, width: Number.NaN, height: 0, frameRate: 0, codecs: 'mp4a.40.2' }
    tell(MediaPlayer.events.QUALITY_CHANGE_REQUESTED, { newRepresentation: VIDEO, mediaType: 'video' })
    expect(of('rendition')).toEqual([])
    tell(MediaPlayer.events.QUALITY_CHANGE_RENDERED, { newRepresentation: VIDEO, mediaType: 'video' })
    tell(MediaPlayer.events.QUALITY_CHANGE_RENDERED, { newRepresentation: audio, mediaType: 'audio' })
    expect(of('rendition')).toEqual([
      [
        { bitrate_bps: 300_000, width_px: 640, height_px: 360, fps: 25, codec: 'avc1.64001e' },
        'abr',
        'video',
      ],
      [{ bitrate_bps: 64_000, codec: 'mp4a.40.2' }, 'user', 'audio'],
    ])
  })

  it('tells what plays already when it is attached late', () => {
    const { of } = bench({
      getCurrentRepresentationForType: (type: string) => (type === 'video' ? VIDEO : null),
    })
    expect(of('rendition')).toEqual([[expect.objectContaining({ bitrate_bps: 300_000 }), 'abr', 'video']])
    expect(of('source')).toEqual([['https://page.example/1.mpd']])
  })

  it('tells the source, be it a URL or a manifest that the page has parsed', () => {
    let source: unknown = 'https://a.example/1.mpd'
    const { tell, of } = bench({ getSource: () => source })
    source = { url: 'https://a.example/2.mpd' }
    tell(MediaPlayer.events.MANIFEST_LOADING_STARTED)
    expect(of('source')).toEqual([['https://a.example/1.mpd'], ['https://a.example/2.mpd']])
  })

  it('tells where the media comes from, and why it is another host', () => {
    let actualurl: string | null = null
    const { tell, of } = bench({ getDashMetrics: () => ({ getCurrentHttpRequest: () => ({ actualurl }) }) })
    const load = (host: string, more = {}) =>
      tell(MediaPlayer.events.FRAGMENT_LOADING_COMPLETED, {
        request: request({ url: `https://${host}/1.m4s`, ...more }),
      })
    const steer = (...pathwayPriority: string[]) =>
      tell('contentSteeringRequestCompleted', {
        currentSteeringResponseData: { pathwayPriority },
      })
    load('a.example')
    load('text.example', { mediaType: 'text' })
    steer('b', 'a')
    load('b.example')
    steer('b', 'a')
    load('c.example')
    tell(MediaPlayer.events.ERROR, { error: { code: 27, data: { request: { mediaType: 'video' } } } })
    load('d.example')
    actualurl = 'https://e.example/1.m4s'
    load('d.example')
    expect(of('host').map(([url, why]) => [new URL(url).host, why])).toEqual([
      ['a.example', undefined],
      ['b.example', 'steering'],
      ['c.example', undefined],
      ['d.example', 'failover'],
      ['e.example', 'redirect'],
    ])
  })

  describe('an error', () => {
    const { errors } = MediaPlayer
    const told = async (error: object, { begun = true, lost = false } = {}) => {
      const { tell, standing, of } = bench()
      standing.readyState = begun ? 4 : 0
      tell(MediaPlayer.events.ERROR, { error })
      if (lost) tell('urlResolutionFailed')
      expect(of('error')).toEqual([])
      await Promise.resolve()
      return of('error')[0]?.[0]
    }
    const gone = (mediaType: string) => ({
      code: errors.DOWNLOAD_ERROR_ID_CONTENT_CODE,
      message: 'gone',
      data: { request: { mediaType }, response: { status: 404 } },
    })

    it('of a segment is recovered where there is another place to get it from', async () => {
      expect(await told(gone('video'))).toEqual({
        severity: 'warning',
        category: 'network',
        code: '27',
        message: 'gone',
        http_status: 404,
        recovered: true,
      })
    })

    it('of a segment is recovered again after another one was lost', async () => {
      const { tell, of } = bench()
      tell(MediaPlayer.events.ERROR, { error: gone('video') })
      tell('urlResolutionFailed')
      await Promise.resolve()
      tell(MediaPlayer.events.ERROR, { error: gone('video') })
      await Promise.resolve()
      expect(of('error').map(([{ severity }]) => severity)).toEqual(['fatal', 'warning'])
    })

    it('of a segment is fatal too where it turns out later, once, that there is no other place', async () => {
      const { tell, of } = bench()
      tell(MediaPlayer.events.ERROR, { error: gone('video') })
      await Promise.resolve()
      tell('urlResolutionFailed')
      tell('urlResolutionFailed')
      expect(of('error').map(([{ severity }]) => severity)).toEqual(['warning', 'fatal'])
    })

    it('of a segment is fatal where there is no other place, but for subtitles', async () => {
      expect(await told(gone('video'), { lost: true })).toMatchObject({ severity: 'fatal' })
      expect(await told(gone('text'), { lost: true })).toEqual({
        severity: 'warning',
        category: 'network',
        code: '27',
        message: 'gone',
        http_status: 404,
      })
    })

    /** The names of the codes that are fatal. */
    const fatal = async (begun: boolean) => {
      const names: string[] = []
      for (const [name, code] of Object.entries(errors) as [string, unknown][])
        if (
          typeof code === 'number' &&
          (await told({ code, data: { request: {} } }, { begun }))?.severity === 'fatal'
        )
          names.push(name)
      return names.sort()
    }

    it('that leaves nothing to play is fatal', async () => {
      expect(await fatal(true)).toEqual([
        'CAPABILITY_MEDIAKEYS_ERROR_CODE',
        'CAPABILITY_MEDIASOURCE_ERROR_CODE',
        'MANIFEST_ERROR_ID_NOSTREAMS_CODE',
        'MEDIASOURCE_TYPE_UNSUPPORTED_CODE',
        'NO_SUPPORTED_KEY_IDS',
      ])
    })

    it('before anything plays is fatal, but for those of clocks, single segments and texts', async () => {
      const all = Object.keys(errors).filter((name) => /_CODE$|^NO_SUPPORTED_KEY_IDS$/.test(name))
      const at = await fatal(false)
      expect(all.filter((name) => !at.includes(name)).sort()).toEqual([
        'DOWNLOAD_ERROR_ID_CONTENT_CODE',
        'DOWNLOAD_ERROR_ID_INITIALIZATION_CODE',
        'DOWNLOAD_ERROR_ID_XLINK_CODE',
        'TIMED_TEXT_ERROR_ID_PARSE_CODE',
        'TIME_SYNC_FAILED_ERROR_CODE',
      ])
    })

    it.each([
      [errors.MANIFEST_LOADER_PARSING_FAILURE_ERROR_CODE, 'manifest'],
      [errors.DOWNLOAD_ERROR_ID_MANIFEST_CODE, 'manifest'],
      [errors.DOWNLOAD_ERROR_ID_SIDX_CODE, 'network'],
      [errors.TIME_SYNC_FAILED_ERROR_CODE, 'network'],
      [errors.CAPABILITY_MEDIASOURCE_ERROR_CODE, 'source'],
      [errors.MEDIASOURCE_TYPE_UNSUPPORTED_CODE, 'source'],
      [errors.CAPABILITY_MEDIAKEYS_ERROR_CODE, 'drm'],
      [errors.TIMED_TEXT_ERROR_ID_PARSE_CODE, 'media'],
      [114, 'drm'],
    ])('%s is of the category %s', async (code, category) => {
      expect(await told({ code })).toMatchObject({ category, code: `${code}` })
    })

    it('that has no code has its name', async () => {
      expect(await told(new TypeError('x'))).toMatchObject({ category: 'player', code: 'TypeError' })
    })

    it('of the element is left to the element', async () => {
      expect(await told({ code: 3 })).toBeUndefined()
    })
  })

  it('tells of another audio track, but not of the first, and of subtitles', () => {
    const { tell, of } = bench()
    for (const [mediaType, lang] of [
      ['video', null],
      ['audio', 'en'],
      ['audio', 'de'],
      ['text', 'fr'],
    ])
      tell(MediaPlayer.events.TRACK_CHANGE_RENDERED, { mediaType, newMediaInfo: { lang } })
    expect(of('track')).toEqual([
      [{ kind: 'audio', enabled: true, language: 'de' }],
      [{ kind: 'text', enabled: true, language: 'fr' }],
    ])
  })

  it('tells that the browser did not let it play, and which key system it took', () => {
    const { tell, of, engine } = bench()
    tell(MediaPlayer.events.PLAYBACK_NOT_ALLOWED)
    expect(of('autoplayBlocked')).toEqual([[]])
    tell('public_keySystemSelected', { data: { keySystem: { systemString: 'com.widevine.alpha' } } })
    expect(engine.read().drm).toBe('com.widevine.alpha')
  })

  it('tells of requests by chance, how they came out', () => {
    const { tell, of } = bench({}, { sampleRequests: 1 })
    tell(MediaPlayer.events.FRAGMENT_LOADING_COMPLETED, { request: request() })
    tell(MediaPlayer.events.FRAGMENT_LOADING_COMPLETED, {
      request: request({ type: 'InitializationSegment', duration: Number.NaN }),
      error: {},
    })
    tell(MediaPlayer.events.FRAGMENT_LOADING_ABANDONED, { request: request({ mediaType: 'audio' }) })
    expect(of('request')[0]![0]).toEqual({
      object: 'video',
      outcome: 'ok',
      host: 'a.example',
      ttfb_ms: 20,
      duration_ms: 50,
      bytes: 4000,
      media_ms: 2000,
      bitrate_bps: 300_000,
      sample_rate: 1,
    })
    expect(of('request').map(([{ object, outcome }]) => [object, outcome])).toEqual([
      ['video', 'ok'],
      ['init', 'failed'],
      ['audio', 'canceled'],
    ])
    const none = bench()
    none.tell(MediaPlayer.events.FRAGMENT_LOADING_COMPLETED, { request: request() })
    expect(none.of('request')).toEqual([])
  })

  it('reads nothing of what is not known before a manifest', () => {
    const player = MediaPlayer().create()
    expect(dash(player).read()).toEqual({})
    expect(bench({ isDynamic: () => null }).engine.read()).not.toHaveProperty('stream_type')
    expect(bench().engine.read()).toMatchObject({ stream_type: 'vod' })
  })

  it('reads a live stream by the clock of the stream', () => {
    const { engine } = bench({
      isDynamic: () => true,
      time: () => 55.5,
      timeAsUTC: () => 1_790_000_000.1234,
      getCurrentLiveLatency: () => 4.2,
      getLowLatencyModeEnabled: () => true,
      getAverageThroughput: () => 5000,
      getManifest: () => ({ protocol: 'DASH' }),
      getRepresentationsByType: () => [VIDEO],
    })
    expect(engine.read()).toEqual({
      throughput_bps: 5_000_000,
      live: { latency_ms: 4200, edge_distance_ms: 4500 },
      stream_type: 'll_live',
      date_ms: 1_790_000_000_123,
      url: 'https://page.example/1.mpd',
      format: 'dash',
      renditions: [expect.objectContaining({ bitrate_bps: 300_000 })],
    })
  })
})
