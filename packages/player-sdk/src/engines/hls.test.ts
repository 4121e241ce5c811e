// @vitest-environment happy-dom
import Hls, { type Level } from 'hls.js'
import { describe, expect, it, vi } from 'vitest'
import { recordSignals } from '../../test/recordSignals.ts'
import { hls } from './hls.ts'

const LEVELS = [
  {
    bitrate: 140_000,
    width: 320,
    height: 180,
    frameRate: 30,
    audioCodec: 'mp4a.40.2',
    videoCodec: 'avc1.4d400d',
    attrs: { CODECS: 'avc1.4d400d,mp4a.40.2', 'AVERAGE-BANDWIDTH': '110000' },
  },
  {
    bitrate: 260_000,
    width: 0,
    height: 0,
    frameRate: 0,
    audioCodec: undefined,
    videoCodec: undefined,
    attrs: {},
  },
] as unknown as Level[]

const FRAG = {
  type: 'main',
  url: 'https://a.example/1.ts?token=1',
  duration: 2.0004,
  level: 0,
  stats: { loaded: 4000, loading: { start: 10, first: 25.4, end: 60 } },
}

/** An hls.js of its own package that does nothing by itself, and whose properties can be anything. */
const bench = (properties: object = {}, options?: Parameters<typeof hls>[1]) => {
  const instance = new Hls()
  instance.removeAllListeners()
  const give = (more: object) => {
    for (const [name, value] of Object.entries(more))
      Object.defineProperty(instance, name, { configurable: true, get: () => value })
  }
  give({ levels: LEVELS, currentLevel: -1, url: null, media: null, ...properties })
  const engine = hls(instance, options)
  const recorded = recordSignals()
  const tell = (type: string, data: object = {}) => instance.trigger(type as never, data as never)
  return { instance, engine, give, tell, ...recorded, stop: engine.connect(recorded.signals) }
}

describe('hls', () => {
  it('says which hls.js it is', () => {
    expect(bench().engine.player).toEqual({ engine: 'hls.js', engine_version: Hls.version })
  })

  it('tells the rendition that is on screen, not the one that is being loaded', () => {
    const { tell, of } = bench()
    tell(Hls.Events.LEVEL_SWITCHING, { level: 0 })
    expect(of('rendition')).toEqual([])
    tell(Hls.Events.LEVEL_SWITCHED, { level: 0 })
    expect(of('rendition')).toEqual([
      [
        {
          bitrate_bps: 140_000,
          avg_bitrate_bps: 110_000,
          width_px: 320,
          height_px: 180,
          fps: 30,
          codec: 'avc1.4d400d,mp4a.40.2',
        },
        'abr',
        'video',
      ],
    ])
  })

  it('leaves out what the manifest does not say of a rendition', () => {
    const { tell, of } = bench()
    tell(Hls.Events.LEVEL_SWITCHED, { level: 1 })
    expect(of('rendition')[0]![0]).toEqual({ bitrate_bps: 260_000 })
  })

  it('tells what plays already when it is attached late', () => {
    const { of } = bench({ currentLevel: 0, url: 'https://a.example/1.m3u8' })
    expect(of('rendition')).toHaveLength(1)
    expect(of('source')).toEqual([['https://a.example/1.m3u8']])
  })

  it('tells why the rendition changed: by itself, by the cap, or as the viewer wished', () => {
    const { tell, give, of } = bench({ autoLevelCapping: 0, autoLevelEnabled: true })
    tell(Hls.Events.LEVEL_SWITCHED, { level: 1 })
    tell(Hls.Events.LEVEL_SWITCHED, { level: 0 })
    tell(Hls.Events.LEVEL_SWITCHED, { level: 0 })
    give({ autoLevelEnabled: false })
    tell(Hls.Events.LEVEL_SWITCHED, { level: 1 })
    expect(of('rendition').map(([, reason]) => reason)).toEqual(['abr', 'cap', 'abr', 'user'])
  })

  it('tells the source each time that one is loaded', () => {
    const { tell, give, of } = bench()
    for (const url of ['https://a.example/1.m3u8', 'https://a.example/2.m3u8']) {
      give({ url })
      tell(Hls.Events.MANIFEST_LOADING, { url })
    }
    expect(of('source')).toEqual([['https://a.example/1.m3u8'], ['https://a.example/2.m3u8']])
  })

  describe('the host of the media', () => {
    const from = (url: string, responseURL?: string) => ({
      frag: { ...FRAG, url },
      part: null,
      networkDetails: { responseURL, status: 200 },
    })
    const hosts = (of: ReturnType<typeof bench>['of']) =>
      of('host').map(([url, reason]) => [new URL(url).host, reason])

    it('is told with each segment, and after a redirect it is where the media came from', () => {
      const { tell, of } = bench()
      tell(Hls.Events.FRAG_LOADED, from('https://a.example/1.ts'))
      const subtitle = { ...FRAG, type: 'subtitle', url: 'https://text.example/1.vtt' }
      tell(Hls.Events.FRAG_LOADED, { ...from(subtitle.url), frag: subtitle })
      tell(Hls.Events.FRAG_LOADED, from('https://a.example/2.ts', 'https://b.example/2.ts'))
      expect(hosts(of)).toEqual([
        ['a.example', undefined],
        ['b.example', 'redirect'],
      ])
    })

    it('changes because the steering manifest said so, or because of an error', async () => {
      const { tell, of } = bench()
      tell(Hls.Events.FRAG_LOADED, from('https://a.example/1.ts'))
      tell(Hls.Events.STEERING_MANIFEST_LOADED)
      tell(Hls.Events.LEVELS_UPDATED, { levels: LEVELS })
      // What was being loaded meanwhile.
      tell(Hls.Events.FRAG_LOADED, from('https://a.example/2.ts'))
      tell(Hls.Events.FRAG_LOADED, from('https://b.example/1.ts'))
      // A manifest that changes nothing.
      tell(Hls.Events.STEERING_MANIFEST_LOADED)
      await Promise.resolve()
      tell(Hls.Events.LEVELS_UPDATED, { levels: LEVELS })
      tell(Hls.Events.FRAG_LOADED, from('https://c.example/1.ts'))
      tell(Hls.Events.FRAG_LOADED, from('https://d.example/1.ts'))
      expect(hosts(of).slice(2)).toEqual([
        ['b.example', 'steering'],
        ['c.example', 'failover'],
        ['d.example', undefined],
      ])
    })
  })

  describe('an error', () => {
    const error = (data: object) => {
      const { tell, of } = bench()
      tell(Hls.Events.ERROR, data)
      return of('error')[0]![0]
    }

    it('that hls.js tries again after is a recovered warning', () => {
      expect(
        error({
          type: Hls.ErrorTypes.NETWORK_ERROR,
          details: Hls.ErrorDetails.FRAG_LOAD_ERROR,
          fatal: false,
          error: new Error('HTTP Error 503'),
          response: { code: 503 },
          errorAction: { action: 5 },
        }),
      ).toEqual({
        severity: 'warning',
        category: 'network',
        code: 'fragLoadError',
        message: 'HTTP Error 503',
        http_status: 503,
        recovered: true,
      })
    })

    it('that hls.js does nothing about only informs', () => {
      const details = Hls.ErrorDetails.BUFFER_STALLED_ERROR
      expect(error({ type: 'mediaError', details, fatal: false, errorAction: { action: 0 } })).toEqual({
        severity: 'warning',
        category: 'media',
        code: details,
      })
    })

    it('that is fatal is so, whatever hls.js tried before', () => {
      const details = Hls.ErrorDetails.MANIFEST_LOAD_ERROR
      expect(
        error({ type: 'networkError', details, fatal: true, reason: 'gone', errorAction: { action: 2 } }),
      ).toEqual({ severity: 'fatal', category: 'manifest', code: details, message: 'gone' })
    })

    it('about an answer that makes no sense has no status', () => {
      const details = Hls.ErrorDetails.MANIFEST_PARSING_ERROR
      expect(
        error({ type: 'networkError', details, fatal: true, response: { code: 200 } }),
      ).not.toHaveProperty('http_status')
    })

    it.each([Hls.ErrorDetails.BUFFER_SEEK_OVER_HOLE, Hls.ErrorDetails.BUFFER_NUDGE_ON_STALL])(
      '%s is a move of the playhead that nobody asked for, told first',
      (details) => {
        const { tell, told } = bench()
        tell(Hls.Events.ERROR, { type: 'mediaError', details, fatal: false, errorAction: { action: 0 } })
        expect(told).toEqual([
          { signal: 'jump', args: [] },
          {
            signal: 'error',
            args: [{ severity: 'warning', category: 'media', code: details, recovered: true }],
          },
        ])
        tell(Hls.Events.ERROR, { type: 'mediaError', details, fatal: true })
        expect(told.filter(({ signal }) => signal === 'jump')).toHaveLength(1)
      },
    )
  })

  it('tells that hls.js moves the playhead to the live edge, and not that the viewer seeks meanwhile', () => {
    const media = { seeking: false }
    const { tell, of } = bench({ media })
    const refresh = (inBetween = () => {}) => {
      tell(Hls.Events.LEVEL_UPDATED)
      inBetween()
      tell(Hls.Events.LEVEL_LOADED)
    }
    refresh()
    media.seeking = true
    refresh()
    expect(of('jump')).toEqual([])
    media.seeking = false
    refresh(() => {
      media.seeking = true
    })
    expect(of('jump')).toHaveLength(1)
  })

  it('tells of another audio track, but not of the first and not of another rendition of the same', () => {
    const { tell, of } = bench()
    for (const lang of ['en', 'en', 'de']) tell(Hls.Events.AUDIO_TRACK_SWITCHED, { lang })
    expect(of('track')).toEqual([[{ kind: 'audio', language: 'de', enabled: true }]])
  })

  it('tells of subtitles, on and off', () => {
    const { tell, of } = bench({ subtitleTracks: [{ lang: 'fr' }] })
    for (const id of [0, -1]) tell(Hls.Events.SUBTITLE_TRACK_SWITCH, { id })
    expect(of('track')).toEqual([
      [{ kind: 'text', enabled: true, language: 'fr' }],
      [{ kind: 'text', enabled: false, language: undefined }],
    ])
  })

  it.each([
    ['urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed', 'com.widevine.alpha'],
    ['com.microsoft.playready', 'com.microsoft.playready'],
    ['identity', undefined],
  ])('takes the key system from the key format %s', (keyFormat, drm) => {
    const { tell, engine } = bench()
    tell(Hls.Events.KEY_LOADED, { frag: { decryptdata: { keyFormat } } })
    expect(engine.read().drm).toBe(drm)
  })

  describe('requests', () => {
    const loaded = { frag: FRAG, part: null, networkDetails: { status: 200 } }

    it('are told of only where that is asked for', () => {
      const { tell, of } = bench()
      tell(Hls.Events.FRAG_LOADED, loaded)
      expect(of('request')).toEqual([])
    })

    it('are told of by chance, each with the share', () => {
      const { tell, of } = bench({}, { sampleRequests: 0.05 })
      const chance = vi.spyOn(Math, 'random')
      for (const value of [0.049, 0.05]) {
        chance.mockReturnValueOnce(value)
        tell(Hls.Events.FRAG_LOADED, loaded)
      }
      chance.mockRestore()
      expect(of('request')).toEqual([
        [
          {
            object: 'video',
            outcome: 'ok',
            host: 'a.example',
            status: 200,
            ttfb_ms: 15,
            duration_ms: 50,
            bytes: 4000,
            media_ms: 2000,
            bitrate_bps: 140_000,
            sample_rate: 0.05,
          },
        ],
      ])
    })

    it('that fail or are given up are told of too, without what they did not come to', () => {
      const { tell, of } = bench({}, { sampleRequests: 1 })
      const stats = { loaded: 0, loading: { start: 10, first: 0, end: 0 } }
      const frag = { ...FRAG, type: 'audio', stats }
      const details = Hls.ErrorDetails.FRAG_LOAD_TIMEOUT
      tell(Hls.Events.ERROR, { type: 'networkError', details, fatal: false, frag })
      tell(Hls.Events.FRAG_LOAD_EMERGENCY_ABORTED, { frag: FRAG, part: null })
      expect(of('request')).toEqual([
        [{ object: 'audio', outcome: 'failed', host: 'a.example', media_ms: 2000, sample_rate: 1 }],
        [expect.objectContaining({ object: 'video', outcome: 'canceled' })],
      ])
    })
  })

  describe('what it reads', () => {
    it('has nothing that nobody measured', () => {
      expect(bench({ levels: [] }).engine.read()).toEqual({ format: 'hls', renditions: [] })
    })

    it('of a live stream: latency by the wall clock, distance from the end of the playlist', () => {
      const now = vi.spyOn(Date, 'now').mockReturnValue(1_790_000_010_000)
      const { engine, give } = bench({
        latestLevelDetails: { live: true, partTarget: 0 },
        playingDate: new Date(1_790_000_004_000),
        latency: 5.5554,
        bandwidthEstimate: 1_000_000.4,
        mainForwardBufferInfo: { len: 4.0004 },
      })
      expect(engine.read()).toMatchObject({
        buffer_ms: 4000,
        throughput_bps: 1_000_000,
        live: { latency_ms: 6000, edge_distance_ms: 5555 },
        stream_type: 'live',
        date_ms: 1_790_000_004_000,
      })
      // No PROGRAM-DATE-TIME; a clock that is behind; parts.
      give({ playingDate: null })
      expect(engine.read().live).toEqual({ edge_distance_ms: 5555 })
      give({ playingDate: new Date(1_790_000_011_000) })
      expect(engine.read().live).toEqual({ edge_distance_ms: 5555 })
      give({ latestLevelDetails: { live: true, partTarget: 0.5 }, lowLatencyMode: true })
      expect(engine.read().stream_type).toBe('ll_live')
      give({ latestLevelDetails: { live: false, partTarget: 0 } })
      expect(engine.read()).toMatchObject({ stream_type: 'vod' })
      expect(engine.read()).not.toHaveProperty('live')
      expect(engine.read()).not.toHaveProperty('date_ms')
      now.mockRestore()
    })
  })

  it('leaves no listener', () => {
    const { instance, stop } = bench()
    const listeners = () => Object.values(Hls.Events).flatMap((type) => instance.listeners(type))
    expect(listeners()).not.toEqual([])
    stop()
    expect(listeners()).toEqual([])
  })

  it('throws nothing into hls.js, whatever that tells', () => {
    const { instance } = bench({}, { sampleRequests: 1 })
    for (const type of Object.values(Hls.Events))
      for (const listener of instance.listeners(type) as ((type: string, data: unknown) => void)[])
        for (const data of [undefined, null, 1, 'x', {}, { frag: null }, { frag: {}, level: 99, id: 99 }])
          expect(() => listener(type, data), type).not.toThrow()
  })

  it('reads nothing and throws nothing once hls.js is destroyed', () => {
    const { instance, engine, stop, signals } = bench()
    instance.destroy()
    expect(() => engine.read()).not.toThrow()
    stop()
    expect(() => engine.connect(signals)()).not.toThrow()
  })
})
