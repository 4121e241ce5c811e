// @vitest-environment happy-dom
import videojsPlayer from 'video.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeEmitter } from '../../test/fakeEmitter.ts'
import { recordSignals } from '../../test/recordSignals.ts'
import { videojs } from './videojs.ts'
import type { VideojsPlayer } from './videojsPlayer.ts'

const list = (...tracks: object[]) => {
  const emitter = fakeEmitter()
  return Object.assign(tracks, { emitter, on: emitter.add, off: emitter.remove })
}

const cue = (playlist: string, more: object = {}) => ({
  startTime: 4,
  value: {
    playlist,
    bandwidth: 260_000,
    resolution: { width: 640, height: 360 },
    codecs: 'avc1.4d401e,mp4a.40.2',
    ...more,
  },
})

/** A video.js with VHS, without either. */
const bench = (vhs: object | null = {}, options?: Parameters<typeof videojs>[1]) => {
  const ofPlayer = fakeEmitter()
  const ofTech = fakeEmitter()
  const media = document.createElement('video')
  const standing = { currentTime: 0 }
  Object.defineProperty(media, 'currentTime', { get: () => standing.currentTime })
  const ofSegments = fakeEmitter()
  const segments = {
    label: 'segment-metadata',
    kind: 'metadata',
    activeCues: [] as object[],
    addEventListener: ofSegments.add,
    removeEventListener: ofSegments.remove,
  }
  const textTracks = list(segments)
  const audioTracks = list()
  const representations: object[] = []
  const source = { src: '/1.m3u8', type: 'application/x-mpegURL' }
  let error: object | null = null
  const tech = {
    el: () => media,
    on: ofTech.add,
    off: ofTech.remove,
    vhs: vhs && {
      representations: () => representations,
      seekable: () => ({ start: () => 0 }),
      version: () => ({ '@videojs/http-streaming': '3.17.5' }),
      ...vhs,
    },
  }
  const player = {
    on: ofPlayer.add,
    off: ofPlayer.remove,
    tech: () => tech,
    textTracks: () => textTracks,
    audioTracks: () => audioTracks,
    currentSource: () => source,
    error: () => error,
    version: () => ({ 'video.js': '8.24.1' }),
  } as unknown as VideojsPlayer
  const engine = videojs(player, options)
  const recorded = recordSignals()
  return {
    engine,
    media,
    standing,
    tech,
    textTracks,
    audioTracks,
    representations,
    source,
    emit: ofPlayer.emit,
    emitTech: (type: string, more: object = {}) => ofTech.emit(type, { type, ...more }),
    show: (...cues: object[]) => {
      segments.activeCues = cues
      ofSegments.emit('cuechange')
    },
    fail: (with_: object | null) => {
      error = with_
      ofPlayer.emit('error', {})
    },
    /** What is listened to, of all. */
    types: () =>
      [ofPlayer, ofTech, ofSegments, textTracks.emitter, audioTracks.emitter].flatMap((of) => of.types),
    ...recorded,
    stop: engine.connect(recorded.signals),
  }
}

beforeEach(() => vi.stubGlobal('location', new URL('https://page.example/watch')))
afterEach(() => vi.unstubAllGlobals())

describe('videojs', () => {
  it('says which video.js and which VHS it is, when it is there', () => {
    expect(bench().engine.player).toEqual({
      name: 'video.js',
      version: '8.24.1',
      engine: 'vhs',
      engine_version: '3.17.5',
    })
    expect(bench(null).engine.player).toEqual({ name: 'video.js', version: '8.24.1', engine: 'vhs' })
  })

  describe('the rendition', () => {
    it('is that of the segment that is on screen, told once', () => {
      const { show, of } = bench()
      show(cue('high'))
      show()
      show(cue('high'))
      show(cue('low', { bandwidth: 140_000, resolution: undefined, codecs: undefined }))
      expect(of('rendition')).toEqual([
        [{ bitrate_bps: 260_000, width_px: 640, height_px: 360, codec: 'avc1.4d401e,mp4a.40.2' }, 'abr'],
        [{ bitrate_bps: 140_000 }, 'abr'],
      ])
    })

    it('is the viewer’s wish where representations are switched off', () => {
      const { show, of, representations } = bench()
      representations.push({ playlist: {} }, { playlist: { disabled: true } })
      show(cue('high'))
      expect(of('rendition')[0]![1]).toBe('user')
    })

    it('of a playlist of the same name in another source is told again', () => {
      const { show, emit, of } = bench()
      show(cue('0-high'))
      emit('sourceset', {})
      show(cue('0-high'))
      expect(of('rendition')).toHaveLength(2)
    })
  })

  it('tells the source of VHS; the element tells of others', () => {
    const { emit, of, source, tech } = bench()
    source.src = 'https://a.example/2.m3u8'
    emit('sourceset', {})
    tech.vhs = null
    source.src = 'https://a.example/3.mp4'
    emit('sourceset', {})
    expect(of('source')).toEqual([['https://page.example/1.m3u8'], ['https://a.example/2.m3u8']])
  })

  it('tells where the media comes from, and why it is another host', () => {
    const { emit, emitTech, of } = bench()
    const from = (host: string) =>
      emit('segmentloaded', { metadata: { segmentInfo: { uri: `https://${host}/1.ts`, duration: 2 } } })
    from('a.example')
    emitTech('usage', { name: 'vhs-rendition-change-exclude' })
    from('b.example')
    emitTech('usage', { name: 'vhs-rendition-change-content-steering' })
    from('c.example')
    emitTech('usage', { name: 'vhs-rendition-change-abr' })
    from('d.example')
    expect(of('host').map(([url, why]) => [new URL(url).host, why])).toEqual([
      ['a.example', undefined],
      ['b.example', 'failover'],
      ['c.example', 'steering'],
      ['d.example', undefined],
    ])
  })

  describe('an error', () => {
    videojsPlayer.log.level('off')
    const real = videojsPlayer(document.body.appendChild(document.createElement('video')))
    const mediaError = (of: object) => {
      const { fail, of: told } = bench()
      real.error(of as never)
      fail(real.error() || null)
      return told('error')[0]?.[0]
    }

    it.each([
      [0, 'MEDIA_ERR_CUSTOM', 'player'],
      [1, 'MEDIA_ERR_ABORTED', 'other'],
      [2, 'MEDIA_ERR_NETWORK', 'network'],
      [3, 'MEDIA_ERR_DECODE', 'media'],
      [4, 'MEDIA_ERR_SRC_NOT_SUPPORTED', 'source'],
      [5, 'MEDIA_ERR_ENCRYPTED', 'drm'],
    ])('that is shown to the viewer is fatal: %i is %s', (code, name, category) => {
      expect(mediaError({ code, message: 'told', status: code === 2 ? 404 : null })).toEqual({
        severity: 'fatal',
        category,
        code: name,
        engine_code: `${code}`,
        message: 'told',
        ...(code === 2 ? { http_status: 404 } : {}),
      })
    })

    it.each(Object.values((videojsPlayer as unknown as { Error: Record<string, string> }).Error))(
      'has the word of newer ones: %s',
      (errorType) => {
        const { category, code } = mediaError({ code: 3, metadata: { errorType } })!
        expect(code).toBe(errorType)
        const kinds: Record<string, RegExp> = {
          network: /^network/,
          manifest: /playlist|manifest/,
          media: /segment|codec|steering|vtt/,
        }
        expect(errorType).toMatch(kinds[category] || /nothing/)
      },
    )

    it('that is taken back is none', () => {
      const { fail, of } = bench()
      fail(null)
      expect(of('error')).toEqual([])
    })

    it.each(['excludeplaylist', 'retryplaylist'])(
      'that VHS gets over by %s is a recovered warning',
      (type) => {
        const { emitTech, of } = bench()
        emitTech(type)
        expect(of('error')).toEqual([
          [{ severity: 'warning', category: 'network', code: type, recovered: true }],
        ])
      },
    )
  })

  it('tells of the moves of VHS before they are seeks', () => {
    const { emit, standing, of } = bench({ seekable: () => ({ start: () => 30 }) })
    standing.currentTime = 31
    emit('play', {})
    expect(of('jump')).toEqual([])
    standing.currentTime = 20
    emit('play', {})
    expect(of('jump')).toHaveLength(1)
  })

  it('tells of another audio track, but not of the first, and of subtitles, but not of metadata', () => {
    const { audioTracks, textTracks, of } = bench()
    for (const language of ['en', 'en', 'de']) {
      audioTracks.splice(0, 1, { enabled: true, language })
      audioTracks.emitter.emit('change')
    }
    textTracks.push({ kind: 'metadata', mode: 'showing', language: 'x' })
    for (const mode of ['hidden', 'showing', 'showing', 'disabled']) {
      textTracks.splice(2, 1, { kind: 'subtitles', mode, language: 'fr' })
      textTracks.emitter.emit('change')
    }
    expect(of('track')).toEqual([
      [{ kind: 'audio', enabled: true, language: 'de' }],
      [{ kind: 'text', enabled: true, language: 'fr' }],
      [{ kind: 'text', enabled: false, language: undefined }],
    ])
  })

  it('tells that autoplay was refused', () => {
    const { emit, of } = bench()
    emit('autoplay-failure', {})
    expect(of('autoplayBlocked')).toEqual([[]])
  })

  it('tells of requests by chance, with what the browser timed', () => {
    const uri = 'https://a.example/1.ts?token=1'
    const timing = { requestStart: 10, responseStart: 25, duration: 50.4, encodedBodySize: 4000 }
    vi.spyOn(performance, 'getEntriesByName').mockReturnValue([timing as never])
    const loaded = (more = {}) => ({
      metadata: { segmentInfo: { type: 'main', uri, duration: 2, isMediaInitialization: false, ...more } },
    })
    const { emit, of } = bench({}, { sampleRequests: 1 })
    emit('segmentloaded', loaded({ isMediaInitialization: true }))
    emit('segmentloaded', loaded())
    expect(of('request')).toEqual([
      [
        {
          object: 'video',
          outcome: 'ok',
          host: 'a.example',
          ttfb_ms: 15,
          duration_ms: 50,
          bytes: 4000,
          media_ms: 2000,
          sample_rate: 1,
        },
      ],
    ])
    const none = bench()
    none.emit('segmentloaded', loaded())
    expect(none.of('request')).toEqual([])
  })

  it('reads a live stream', () => {
    const vhs = {
      stats: { mediaBytesTransferred: 1_000_000, mediaTransferDuration: 2000 },
      playlists: {
        media: () => ({
          lastRequest: 1_790_000_009_000,
          segments: [{ duration: 2, end: 6 }, { duration: 2, end: 8 }, { duration: 2 }, { duration: 2 }],
        }),
      },
    }
    const { engine, show, standing, representations } = bench(vhs)
    vi.spyOn(Date, 'now').mockReturnValue(1_790_000_010_000)
    representations.push({
      bandwidth: 260_000,
      width: 640,
      height: 360,
      codecs: { video: 'avc1', audio: 'mp4a' },
    })
    standing.currentTime = 5.5
    show(cue('high', { dateTimeObject: new Date(1_790_000_002_500) }))
    expect(engine.read()).toEqual({
      throughput_bps: 4_000_000,
      // The playlist ends at 12 s, and was asked for a second ago.
      live: { latency_ms: 6000, edge_distance_ms: 7500 },
      stream_type: 'live',
      date_ms: 1_790_000_004_000,
      url: 'https://page.example/1.m3u8',
      format: 'hls',
      renditions: [{ bitrate_bps: 260_000, width_px: 640, height_px: 360, codec: 'avc1,mp4a' }],
    })
    show(cue('high'))
    expect(engine.read().live).toEqual({ edge_distance_ms: 7500 })
    vi.restoreAllMocks()
  })

  it('reads nothing where VHS does not play', () => {
    expect(bench(null).engine.read()).toEqual({})
  })

  it('follows VHS where the content comes back after an ad of contrib-ads in its element', () => {
    const { emit, textTracks, of } = bench()
    const again = fakeEmitter()
    textTracks.splice(0, 1, {
      label: 'segment-metadata',
      activeCues: [cue('low')],
      addEventListener: again.add,
      removeEventListener: again.remove,
    })
    emit('contentloadstart', {})
    again.emit('cuechange')
    expect(of('rendition')).toHaveLength(1)
  })

  it('follows VHS from source to source, and leaves no listener', () => {
    const { emit, types, stop } = bench()
    const before = types().sort()
    expect(before).toContain('cuechange')
    for (let n = 0; n < 3; n++) emit('loadstart', {})
    expect(types().sort()).toEqual(before)
    stop()
    expect(types()).toEqual([])
  })
})
