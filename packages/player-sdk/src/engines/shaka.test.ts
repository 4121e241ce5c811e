// @vitest-environment happy-dom
import shakaPlayer from 'shaka-player'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeEmitter } from '../../test/fakeEmitter.ts'
import { recordSignals } from '../../test/recordSignals.ts'
import { shaka } from './shaka.ts'
import type { ShakaPlayer } from './shakaPlayer.ts'

const { Code, Category, Severity } = shakaPlayer.util.Error as unknown as Record<
  string,
  Record<string, number>
>
const { RequestType, AdvancedRequestType } = shakaPlayer.net.NetworkingEngine

const stream = (bandwidth: number, type = 'video') =>
  type === 'video'
    ? { type, bandwidth, width: 640, height: 360, frameRate: 25, codecs: 'avc1.64001e' }
    : { type, bandwidth, codecs: 'mp4a.40.2' }

const LOW = stream(300_000)
const HIGH = stream(600_000)
const AUDIO = stream(64_000, 'audio')

const error = (code: number, more: object = {}) => ({
  severity: Severity!.CRITICAL!,
  category: Category!.NETWORK!,
  code,
  data: [],
  ...more,
})

/** A Shaka Player without Shaka, which needs more of a browser than there is here. */
const bench = (methods: object = {}, options?: Parameters<typeof shaka>[1]) => {
  const emitter = fakeEmitter()
  const media = document.createElement('video')
  const standing = { currentTime: 0, paused: false }
  for (const name of Object.keys(standing) as (keyof typeof standing)[])
    Object.defineProperty(media, name, { get: () => standing[name] })
  const player = {
    addEventListener: emitter.add,
    removeEventListener: emitter.remove,
    constructor: { version: 'v5.2.12' },
    getMediaElement: () => media,
    getAssetUri: () => '/1.mpd',
    getVariantTracks: () => [],
    getTextTracks: () => [],
    getConfiguration: () => ({
      abr: { enabled: true, defaultBandwidthEstimate: 1e6 },
      streaming: { lowLatencyMode: true },
    }),
    isLive: () => false,
    seekRange: () => ({ start: 0, end: 60 }),
    ...methods,
  } as unknown as ShakaPlayer
  const engine = shaka(player, options)
  const recorded = recordSignals()
  const download = (of: object, start = 0, end = start + 2, more: object = {}) =>
    emitter.emit('downloadcompleted', {
      requestType: RequestType.SEGMENT,
      request: { attempt: 0, timeToFirstByte: 15 },
      response: {
        uri: 'https://a.example/1.m4s?token=1',
        originalUri: 'https://a.example/1.m4s',
        status: 200,
        timeMs: 50,
        data: new ArrayBuffer(4000),
      },
      context: {
        type: AdvancedRequestType.MEDIA_SEGMENT,
        stream: of,
        segment: { getStartTime: () => start, getEndTime: () => end },
      },
      ...more,
    })
  const go = (to: number) => {
    standing.currentTime = to
    media.dispatchEvent(new Event('timeupdate'))
  }
  return {
    emitter,
    media,
    standing,
    engine,
    download,
    go,
    emit: emitter.emit,
    ...recorded,
    stop: engine.connect(recorded.signals),
  }
}

beforeEach(() => vi.stubGlobal('location', new URL('https://page.example/watch')))
afterEach(() => vi.unstubAllGlobals())

describe('shaka', () => {
  it('says which Shaka Player it is', () => {
    expect(bench().engine.player).toEqual({ engine: 'shaka', engine_version: '5.2.12' })
    expect(`${shakaPlayer.Player.version}`).toMatch(/^v\d/)
  })

  describe('the rendition', () => {
    it('that is on screen is told as the playhead comes to what was downloaded of it', () => {
      const { download, go, of } = bench()
      for (const at of [0, 2]) download(LOW, at)
      download(HIGH, 4)
      download(AUDIO, 0, 6)
      for (const at of [0.1, 1.9, 3.9]) go(at)
      expect(of('rendition')).toEqual([
        [
          { bitrate_bps: 300_000, width_px: 640, height_px: 360, fps: 25, codec: 'avc1.64001e' },
          'abr',
          'video',
        ],
        [{ bitrate_bps: 64_000, codec: 'mp4a.40.2' }, 'abr', 'audio'],
      ])
      go(4)
      go(0.1)
      expect(
        of('rendition')
          .slice(2)
          .map(([{ bitrate_bps }]) => bitrate_bps),
      ).toEqual([600_000, 300_000])
    })

    it('that was downloaded last for a part is the one that is seen', () => {
      const { download, go, of } = bench()
      download(LOW, 4)
      download(HIGH, 4)
      download(LOW, 0)
      go(5)
      expect(of('rendition').map(([{ bitrate_bps }]) => bitrate_bps)).toEqual([600_000])
    })

    it('that is chosen is told while nothing is known of what is on screen', () => {
      const track = {
        ...HIGH,
        active: true,
        bandwidth: 664_000,
        videoBandwidth: 600_000,
        videoCodec: 'avc1.64001e',
      }
      const { emit, download, of } = bench({ getVariantTracks: () => [{ active: false }, track] })
      expect(of('rendition')).toEqual([
        [expect.objectContaining({ bitrate_bps: 600_000, codec: 'avc1.64001e' })],
      ])
      download(HIGH)
      emit('adaptation', {})
      expect(of('rendition')).toHaveLength(1)
    })

    it('is the viewer’s wish where Shaka does not adapt', () => {
      const { download, go, of } = bench({ getConfiguration: () => ({ abr: { enabled: false } }) })
      download(LOW)
      go(1)
      expect(of('rendition')[0]![1]).toBe('user')
    })

    it('of days of a live stream takes no more memory than that of minutes', () => {
      const { download, go, of } = bench()
      for (let n = 0; n < 10_000; n++) download(n % 2 ? LOW : HIGH, 2 * n)
      go(1)
      expect(of('rendition')).toEqual([])
      go(2 * 9990)
      expect(of('rendition')).toHaveLength(1)
    })
  })

  it('tells where the media comes from, and why it is another host', () => {
    const { download, emit, of } = bench()
    const from = (host: string, more: object = {}, asked = host) =>
      download(LOW, 0, 2, {
        response: { uri: `https://${host}/1`, originalUri: `https://${asked}/1`, data: new ArrayBuffer(1) },
        ...more,
      })
    from('a.example')
    from('b.example', { request: { attempt: 1 } })
    emit('downloadcompleted', { requestType: RequestType.CONTENT_STEERING })
    from('c.example')
    from('d.example', {}, 'c.example')
    from('e.example', { requestType: RequestType.MANIFEST })
    expect(of('host').map(([url, why]) => [new URL(url).host, why])).toEqual([
      ['a.example', undefined],
      ['b.example', 'failover'],
      ['c.example', 'steering'],
      ['d.example', 'redirect'],
    ])
  })

  describe('an error', () => {
    const told = async (detail: object) => {
      const { emit, of } = bench()
      emit('error', { detail })
      await Promise.resolve()
      return of('error')[0]?.[0]
    }

    it('that is critical is fatal', async () => {
      const data = ['https://a.example/1.m4s', 404, '', {}, RequestType.SEGMENT]
      expect(await told(error(Code!.BAD_HTTP_STATUS!, { data }))).toEqual({
        severity: 'fatal',
        category: 'network',
        code: '1001',
        http_status: 404,
      })
    })

    it('whose severity Shaka lowers once it was heard is a recovered warning', async () => {
      const { emit, of } = bench()
      const detail = error(Code!.HTTP_ERROR!)
      emit('error', { detail })
      detail.severity = Severity!.RECOVERABLE!
      await Promise.resolve()
      expect(of('error')).toEqual([
        [{ severity: 'warning', category: 'network', code: '1002', recovered: true }],
      ])
    })

    it('of a subtitle is a warning, and nothing was recovered', async () => {
      const severity = Severity!.RECOVERABLE
      expect(await told(error(Code!.INVALID_TEXT_CUE!, { severity, category: Category!.TEXT }))).toEqual({
        severity: 'warning',
        category: 'media',
        code: '2001',
      })
    })

    it('of a licence has the status of its request', async () => {
      const data = [
        error(Code!.BAD_HTTP_STATUS!, { data: ['https://a.example', 403, '', {}, RequestType.LICENSE] }),
      ]
      expect(
        await told(error(Code!.LICENSE_REQUEST_FAILED!, { category: Category!.DRM, data })),
      ).toMatchObject({
        category: 'drm',
        code: '6007',
        http_status: 403,
      })
    })

    it.each([
      ['NETWORK', 'network'],
      ['TEXT', 'media'],
      ['MEDIA', 'media'],
      ['MANIFEST', 'manifest'],
      ['STREAMING', 'media'],
      ['DRM', 'drm'],
      ['PLAYER', 'player'],
      ['CAST', 'player'],
      ['STORAGE', 'player'],
      ['ADS', 'ad'],
    ])('of the category %s is one of %s', async (name, category) => {
      expect(await told(error(1, { category: Category![name] }))).toMatchObject({ category })
      expect(Object.keys(Category!)).toHaveLength(10)
    })

    it.each(['LOAD_INTERRUPTED', 'OPERATION_ABORTED', 'OBJECT_DESTROYED'])('%s is none', async (name) => {
      expect(await told(error(Code![name]!, { category: Category!.PLAYER }))).toBeUndefined()
    })

    const fail = (
      { emit }: ReturnType<typeof bench>,
      of: object | null,
      requestType = RequestType.MANIFEST,
    ) => emit('downloadfailed', { requestType, error: of })

    it('of a manifest that cannot be loaded is fatal, though only the page is told of it', () => {
      const benched = bench()
      const data = ['https://a.example/1.mpd', 404, '', {}, RequestType.MANIFEST]
      const { emit, of } = benched
      emit('loading', {})
      fail(benched, error(Code!.BAD_HTTP_STATUS!, { severity: Severity!.RECOVERABLE, data }))
      fail(benched, error(Code!.BAD_HTTP_STATUS!, { severity: Severity!.RECOVERABLE, data }))
      expect(of('error')).toEqual([])
      fail(benched, error(Code!.ATTEMPTS_EXHAUSTED!, { category: Category!.PLAYER }))
      expect(of('error')).toEqual([
        [{ severity: 'fatal', category: 'manifest', code: '1001', http_status: 404 }],
      ])
    })

    it('of a manifest is none where the page takes the player down while it tries again', () => {
      const benched = bench()
      benched.emit('loading', {})
      fail(benched, error(Code!.BAD_HTTP_STATUS!, { severity: Severity!.RECOVERABLE }))
      fail(benched, error(Code!.OPERATION_ABORTED!, { category: Category!.PLAYER }))
      expect(benched.of('error')).toEqual([])
    })

    it('of a manifest that is refused at once is fatal too', () => {
      const benched = bench()
      benched.emit('loading', {})
      const data = ['https://a.example/1.mpd', 403, '', {}, RequestType.MANIFEST]
      fail(benched, error(Code!.BAD_HTTP_STATUS!, { data }))
      expect(benched.of('error')).toHaveLength(1)
    })

    it('of a manifest is left to Shaka once it plays, and those of aborted or other requests are none', () => {
      const benched = bench()
      benched.emit('loading', {})
      fail(benched, error(Code!.OPERATION_ABORTED!, { category: Category!.PLAYER }))
      fail(benched, null)
      fail(benched, error(Code!.BAD_HTTP_STATUS!), RequestType.SEGMENT)
      benched.emit('loaded', {})
      fail(benched, error(Code!.BAD_HTTP_STATUS!))
      expect(benched.of('error')).toEqual([])
    })
  })

  it('tells of the moves of the playhead that Shaka announces', () => {
    const { emit, of } = bench()
    for (const type of ['gapjumped', 'stalldetected']) emit(type, {})
    expect(of('jump')).toHaveLength(2)
  })

  it('tells of another audio track, but not of the first, and of subtitles', () => {
    let tracks: object[] = [{ active: true, language: 'fr' }]
    const { emit, of } = bench({ getTextTracks: () => tracks })
    emit('variantchanged', { oldTrack: null, newTrack: { language: 'en' } })
    emit('variantchanged', { oldTrack: { language: 'en' }, newTrack: { language: 'en' } })
    emit('variantchanged', { oldTrack: { language: 'en' }, newTrack: { language: 'de' } })
    emit('textchanged', {})
    tracks = [{ active: false, language: 'fr' }]
    emit('textchanged', {})
    expect(of('track')).toEqual([
      [{ kind: 'audio', enabled: true, language: 'de' }],
      [{ kind: 'text', enabled: true, language: 'fr' }],
      [{ kind: 'text', enabled: false, language: undefined }],
    ])
  })

  it('tells of requests by chance', () => {
    const { download, of } = bench({}, { sampleRequests: 1 })
    download(LOW)
    download(LOW, 0, 2, {
      context: { type: AdvancedRequestType.INIT_SEGMENT, stream: LOW },
    })
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
          bitrate_bps: 300_000,
          sample_rate: 1,
        },
      ],
      [expect.objectContaining({ object: 'init', bytes: 4000 })],
    ])
    const none = bench()
    none.download(LOW)
    expect(none.of('request')).toEqual([])
  })

  describe('what it reads', () => {
    const LIVE = {
      isLive: () => true,
      getPlayheadTimeAsDate: () => new Date(1_790_000_004_000),
      getManifest: () => ({
        isLowLatency: true,
        presentationTimeline: { getSegmentAvailabilityEnd: () => 70.5 },
      }),
      getManifestType: () => 'HLS',
      keySystem: () => 'com.widevine.alpha',
      getStats: () => ({ estimatedBandwidth: 5_000_000.4 }),
    }
    const readAt = (methods: object) => {
      const { engine, standing } = bench(methods)
      standing.currentTime = 65
      vi.spyOn(Date, 'now').mockReturnValueOnce(1_790_000_010_000)
      return engine.read()
    }

    it('of a live stream', () => {
      expect(readAt(LIVE)).toEqual({
        throughput_bps: 5_000_000,
        live: { latency_ms: 6000, edge_distance_ms: 5500 },
        stream_type: 'll_live',
        date_ms: 1_790_000_004_000,
        url: 'https://page.example/1.mpd',
        format: 'hls',
        drm: 'com.widevine.alpha',
        renditions: [],
      })
    })

    it('has no latency of a stream that carries no time', () => {
      const reading = readAt({ ...LIVE, getPlayheadTimeAsDate: () => new Date(65_000) })
      expect(reading.live).toEqual({ edge_distance_ms: 5500 })
      expect(reading).not.toHaveProperty('date_ms')
    })

    it('has no throughput that nobody measured', () => {
      const guess = (estimatedBandwidth: number) =>
        readAt({ getStats: () => ({ estimatedBandwidth }) }).throughput_bps
      expect(guess(1e6)).toBeUndefined()
      vi.stubGlobal('navigator', { connection: { downlink: 1.4 } })
      expect([guess(1.4e6), guess(1.5e6)]).toEqual([undefined, 1.5e6])
    })

    it('has nothing before anything is loaded', () => {
      const nothing = {
        getAssetUri: () => null,
        getManifestType: () => null,
        keySystem: () => '',
        getManifest: () => null,
      }
      expect(readAt(nothing)).toEqual({ renditions: [] })
    })
  })
})
