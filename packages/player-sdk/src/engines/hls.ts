import type { Engine, EngineReading, SegmentRequest } from '../engine.ts'
import { attempt } from '../safely.ts'
import type { EngineOptions } from './engineOptions.ts'
import { type HlsErrorData, hlsError, isNudge } from './hlsError.ts'
import type { Fragment, FragmentData, HlsInstance, Level, Track } from './hlsInstance.ts'
import { known } from './known.ts'
import { subscribe } from './subscribe.ts'
import { hostOf, watchHost } from './watchHost.ts'

const ofLevel = ({ bitrate, width, height, frameRate, attrs }: Level) =>
  known({
    bitrate_bps: bitrate,
    avg_bitrate_bps: +attrs['AVERAGE-BANDWIDTH']!,
    width_px: width,
    height_px: height,
    fps: frameRate,
    codec: attrs.CODECS,
  })

/** Listens to an instance of hls.js, at any time of its life: pass it as `engine` to `trackVideo`. */
export const hls = (instance: HlsInstance, { sampleRequests = 0 }: EngineOptions = {}): Engine => {
  let drm: string | undefined

  return {
    player: known<Engine['player']>({
      engine: 'hls.js',
      engine_version: () => (instance.constructor as { version?: string }).version,
    }) as Engine['player'],

    connect(signals) {
      const host = watchHost(signals)
      let before = -1
      let language: string | undefined
      let steered = false
      let wasSeeking: boolean | undefined

      const tellLevel = (index: number) => {
        const level = instance.levels[index]!
        const cap = index < before && index === instance.autoLevelCapping
        before = index
        // Without a multivariant playlist there is nothing to tell.
        if (!level.bitrate && !level.width) return
        signals.rendition(
          ofLevel(level),
          !instance.autoLevelEnabled ? 'user' : cap ? 'cap' : 'abr',
          level.audioCodec && !level.videoCodec ? 'audio' : 'video',
        )
      }
      const tellRequest = (
        { type, level }: Fragment,
        of: Fragment,
        outcome: SegmentRequest['outcome'],
        status?: number,
      ) => {
        const { loading, loaded } = of.stats
        if (Math.random() < sampleRequests)
          signals.request(
            known<SegmentRequest>({
              object: { main: 'video', subtitle: 'text' }[type] || type,
              outcome,
              host: hostOf(of.url),
              status,
              // Of what has not come `loading` has 0.
              ttfb_ms: loading.first - loading.start,
              duration_ms: loading.end - loading.start,
              bytes: loaded,
              media_ms: of.duration * 1000,
              bitrate_bps: type === 'main' && instance.levels[level]!.bitrate,
              sample_rate: sampleRequests,
            }) as SegmentRequest,
          )
      }
      const tellSource = () => instance.url && signals.source(instance.url)

      // The names are those of `Hls.Events`.
      const stop = subscribe(instance, 'on', 'off', {
        hlsManifestLoading: tellSource,
        hlsLevelSwitched: (_: string, { level }: { level: number }) => tellLevel(level),
        hlsFragLoaded: (_: string, { frag, part, networkDetails: network }: FragmentData) => {
          const of = part || frag
          if (frag.type !== 'subtitle') host.from(network.responseURL || network.url || of.url, of.url)
          tellRequest(frag, of, 'ok', network.status)
        },
        hlsFragLoadEmergencyAborted: (_: string, { frag, part }: FragmentData) =>
          tellRequest(frag, part || frag, 'canceled'),
        // Another order of pathways follows in the same task; without a steering manifest it follows an error.
        hlsSteeringManifestLoaded: () => {
          steered = true
          void Promise.resolve().then(() => {
            steered = false
          })
        },
        hlsLevelsUpdated: () => host.because(steered ? 'steering' : 'failover'),
        // Also told of the first track, which nobody chose, and of the same one in another rendition.
        hlsAudioTrackSwitched: (_: string, { lang }: Track) => {
          if (language && lang && lang !== language)
            signals.track({ kind: 'audio', language: lang, enabled: true })
          language = lang
        },
        hlsSubtitleTrackSwitch: (_: string, { id }: { id: number }) =>
          signals.track({
            kind: 'text',
            enabled: id >= 0,
            language: id >= 0 ? instance.subtitleTracks[id]!.lang : undefined,
          }),
        hlsKeyLoaded: (_: string, { frag }: FragmentData) => {
          const format = frag.decryptdata!.keyFormat
          // Widevine alone is called by its number: https://dashif.org/identifiers/content_protection
          if (format !== 'identity') drm = /edef8ba9/.test(format) ? 'com.widevine.alpha' : format
        },
        // Between these two hls.js moves a playhead that is too far from the live edge, and tells nobody.
        hlsLevelUpdated: () => {
          wasSeeking = instance.media!.seeking
        },
        hlsLevelLoaded: () => {
          if (wasSeeking === false && instance.media!.seeking) signals.jump()
          wasSeeking = undefined
        },
        hlsError: (_: string, data: HlsErrorData & FragmentData) => {
          // What hls.js breaks off by itself is no error.
          if (data.details === 'aborted') return
          if (isNudge(data)) signals.jump()
          signals.error(hlsError(data))
          if (/^fragLoad/.test(data.details))
            tellRequest(data.frag, data.part || data.frag, 'failed', Object(data.response).code)
        },
      })
      attempt(tellSource)
      attempt(() => tellLevel(instance.currentLevel))
      return stop
    },

    read() {
      const details = () => instance.latestLevelDetails!
      const date = () => (details().live ? Number(instance.playingDate) : 0)
      return known<EngineReading>({
        buffer_ms: () => instance.mainForwardBufferInfo!.len * 1000,
        // Before anything is measured, hls.js answers what it is configured to begin with.
        throughput_bps: () => {
          const { bandwidthEstimate } = instance
          return bandwidthEstimate !== instance.abrEwmaDefaultEstimate && bandwidthEstimate
        },
        live: () =>
          details().live &&
          known<NonNullable<EngineReading['live']>>({
            latency_ms: () => date() && Date.now() - date(),
            // hls.js calls this latency; it counts from the end of the playlist.
            edge_distance_ms: () => instance.latency * 1000,
          }),
        stream_type: () =>
          !details().live ? 'vod' : instance.lowLatencyMode && details().partTarget ? 'll_live' : 'live',
        date_ms: date,
        url: () => instance.url,
        format: 'hls',
        drm,
        renditions: () => instance.levels.map(ofLevel),
      })
    },
  }
}
