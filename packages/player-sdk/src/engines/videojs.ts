import type { Engine, EngineReading, SegmentRequest } from '../engine.ts'
import { attempt } from '../safely.ts'
import type { EngineOptions } from './engineOptions.ts'
import { known } from './known.ts'
import { subscribe } from './subscribe.ts'
import { type VideojsErrorData, videojsError } from './videojsError.ts'
import type { Loaded, Representation, Tech, Track, TrackList, VideojsPlayer } from './videojsPlayer.ts'
import { hostOf, watchHost } from './watchHost.ts'

const renditionOf = ({ bandwidth, width, height, frameRate, codecs }: Representation) =>
  known({
    bitrate_bps: bandwidth,
    width_px: width,
    height_px: height,
    fps: frameRate,
    codec: () => Object.values(codecs!).join(),
  })

/** Listens to a player of video.js, and to VHS where that plays, at any time of its life: pass it as `engine` to `trackVideo`. */
export const videojs = (player: VideojsPlayer, { sampleRequests = 0 }: EngineOptions = {}): Engine => {
  const tech = () => player.tech(true) as Tech
  const media = () => tech().el()
  const vhs = () => tech().vhs!
  const playlist = () => vhs().playlists.media()!
  const source = () => player.currentSource() as { src: string; type: string; keySystems?: object }
  // Without VHS the element has the source itself, and tells.
  const url = () => vhs() && new URL(source().src, location.href).href
  const textTracks = () => player.textTracks() as TrackList
  const audioTracks = () => player.audioTracks() as TrackList
  const findTrack = (list: TrackList, is: (track: Track) => unknown) => Array.from(list).find(is)
  /** VHS keeps a track of the segments that are on screen. */
  const segments = () => findTrack(textTracks(), ({ label }) => label === 'segment-metadata')!
  const segment = () => segments().activeCues![0]!

  return {
    get player() {
      return known<Engine['player']>({
        name: 'video.js',
        version: () => (player.version() as Record<string, string>)['video.js'],
        engine: 'vhs',
        engine_version: () => vhs().version()['@videojs/http-streaming'],
      }) as Engine['player']
    },

    connect(signals) {
      const host = watchHost(signals)
      const languages: Record<string, string | undefined> = { text: '' }
      let shown: string | undefined
      let stops: (() => void)[] = []

      const stopTech = () => {
        for (const stop of stops) stop()
      }
      const tellSource = () => {
        shown = undefined
        if (vhs()) signals.source(url())
      }
      const tellShown = () => {
        const { value } = segment()
        if (shown === value.playlist) return
        shown = value.playlist
        const isChosen = () =>
          vhs()
            .representations()
            .some((of) => of.playlist.disabled)
        signals.rendition(
          renditionOf(Object.assign({}, value, value.resolution, { codecs: [value.codecs] })),
          attempt(isChosen) ? 'user' : 'abr',
        )
      }
      const tellTrack = (kind: 'audio' | 'text', track: Track | undefined) => {
        const language = track ? track.language : ''
        // Also told of the first audio track, which nobody chose.
        if (kind in languages && language !== languages[kind])
          signals.track({ kind, enabled: !!track, language: language || undefined })
        languages[kind] = language
      }
      const tellAudio = () => {
        const track = findTrack(audioTracks(), ({ enabled }) => enabled)
        if (track) tellTrack('audio', track)
      }
      const tellText = () =>
        tellTrack(
          'text',
          findTrack(textTracks(), ({ kind, mode }) => kind !== 'metadata' && mode === 'showing'),
        )
      const tellRecovery = ({ type }: { type: string }) =>
        signals.error({ severity: 'warning', category: 'network', code: type, recovered: true })

      const lookAtTech = () => {
        stopTech()
        stops = [
          subscribe(tech(), 'on', 'off', {
            usage: ({ name }: { name: string }) => {
              if (/gap|live|under|unkn/.test(name)) signals.jump()
              if (/exclude$/.test(name)) host.because('failover')
              if (/steering/.test(name)) host.because('steering')
            },
            excludeplaylist: tellRecovery,
            retryplaylist: tellRecovery,
          }),
          subscribe(textTracks(), 'on', 'off', { change: tellText }),
          subscribe(audioTracks(), 'on', 'off', { change: tellAudio }),
          // Where the browser's own text tracks are used it is one of them.
          subscribe(segments(), 'addEventListener', 'removeEventListener', { cuechange: tellShown }),
        ]
      }

      const stop = subscribe(player, 'on', 'off', {
        sourceset: tellSource,
        loadstart: lookAtTech,
        // What contrib-ads calls it where the content comes back after an ad in its element.
        contentloadstart: lookAtTech,
        // VHS is about to move a playhead into the window of a live stream that has left it behind.
        play: () => {
          if (media().currentTime < vhs().seekable().start(0)) signals.jump()
        },
        'autoplay-failure': () => signals.autoplayBlocked(),
        error: () => signals.error(videojsError(player.error() as VideojsErrorData)),
        segmentloaded: ({ metadata }: Loaded) => {
          const { type, uri, duration, isMediaInitialization } = metadata.segmentInfo
          host.from(uri)
          if (isMediaInitialization || Math.random() >= sampleRequests) return
          const timing = performance.getEntriesByName(uri).pop() as PerformanceResourceTiming
          signals.request(
            known<SegmentRequest>({
              object: type === 'main' ? 'video' : type,
              outcome: 'ok',
              host: hostOf(uri),
              ttfb_ms: () => timing.responseStart - timing.requestStart,
              duration_ms: () => timing.duration,
              bytes: () => timing.encodedBodySize,
              media_ms: duration * 1000,
              sample_rate: sampleRequests,
            }) as SegmentRequest,
          )
        },
      })
      for (const tell of [tellSource, lookAtTech, tellShown, tellAudio]) attempt(tell)
      return () => {
        stop()
        stopTech()
      }
    },

    read() {
      const isLive = () => !playlist().endList
      /** Where a segment ends is known once it was appended. */
      const edge = () =>
        playlist().segments.reduce((to, { end, duration }) => end || to + duration, Number.NaN)
      const date = () => {
        const { startTime, value } = segment()
        return isLive() ? +value.dateTimeObject! + (media().currentTime - startTime) * 1000 : 0
      }
      return known<EngineReading>({
        throughput_bps: () => (vhs().stats.mediaBytesTransferred / vhs().stats.mediaTransferDuration) * 8000,
        live: () =>
          isLive() &&
          known<NonNullable<EngineReading['live']>>({
            latency_ms: () => Date.now() - date(),
            edge_distance_ms: () =>
              (edge() - media().currentTime) * 1000 + Date.now() - playlist().lastRequest!,
          }),
        stream_type: () => (!isLive() ? 'vod' : playlist().partTargetDuration ? 'll_live' : 'live'),
        date_ms: date,
        url,
        format: () => url() && (/dash/.test(source().type) ? 'dash' : 'hls'),
        drm: () => Object.keys(source().keySystems!).join(),
        renditions: () => vhs().representations().map(renditionOf),
      })
    },
  }
}
