import type { Engine, EngineReading, SegmentRequest } from '../engine.ts'
import { attempt } from '../safely.ts'
import { type DashErrorData, dashError } from './dashError.ts'
import type { DashPlayer, FragmentRequest, MediaInfo, Representation } from './dashPlayer.ts'
import type { EngineOptions } from './engineOptions.ts'
import { known } from './known.ts'
import { subscribe } from './subscribe.ts'
import { hostOf, watchHost } from './watchHost.ts'

type Media = 'video' | 'audio'

interface Settings {
  streaming: { abr: { autoSwitchBitrate: Record<Media, boolean> } }
}

/** The codes after which dash.js plays no more; and those after which it may still begin: of clocks, single segments, texts. */
const ENDS = /^(1..|2[34]|3[256])/
const SPARES = /^(16|2[7-9]|33)/

const renditionOf = ({ bandwidth, width, height, frameRate, codecs }: Representation) =>
  known({ bitrate_bps: bandwidth, width_px: width, height_px: height, fps: frameRate, codec: codecs })

/** Listens to a `MediaPlayer` of dash.js, at any time of its life: pass it as `engine` to `trackVideo`. */
export const dash = (player: DashPlayer, { sampleRequests = 0 }: EngineOptions = {}): Engine => {
  let drm: string | undefined

  const media = () => player.getVideoElement()
  const isLive = () => player.isDynamic()
  /** The source may also be a manifest that the page has parsed. */
  const url = () => {
    const source = player.getSource() as { url?: string }
    return new URL(source.url || (source as string), location.href).href
  }

  return {
    player: known<Engine['player']>({
      engine: 'dash.js',
      engine_version: () => player.getVersion(),
    }) as Engine['player'],

    connect(signals) {
      const host = watchHost(signals)
      let priority: string | undefined
      let language: string | null
      let isLost = false
      /** Tells that the last media error, of which it was already told that it was got over, was not. */
      let tellLost = () => {}

      const tellSource = () => signals.source(url())
      const tellRendition = (of: Representation, type: Media) => {
        const { streaming } = player.getSettings() as Settings
        signals.rendition(renditionOf(of), streaming.abr.autoSwitchBitrate[type] ? 'abr' : 'user', type)
      }
      const tellRequest = (request: FragmentRequest, outcome: SegmentRequest['outcome']) => {
        const { type, mediaType, startDate, firstByteDate, endDate, bytesLoaded, duration } = request
        if (Math.random() < sampleRequests)
          signals.request(
            known<SegmentRequest>({
              object: type === 'MediaSegment' ? mediaType : 'init',
              outcome,
              host: hostOf(request.url),
              ttfb_ms: +firstByteDate - +startDate,
              duration_ms: +endDate - +startDate,
              bytes: bytesLoaded,
              media_ms: duration * 1000,
              bitrate_bps: request.representation.bandwidth,
              sample_rate: sampleRequests,
            }) as SegmentRequest,
          )
      }

      // The names are those of `MediaPlayer.events`.
      const stop = subscribe(player, 'on', 'off', {
        manifestLoadingStarted: tellSource,
        playbackNotAllowed: () => signals.autoplayBlocked(),
        qualityChangeRendered: (data: { newRepresentation: Representation; mediaType: Media }) =>
          tellRendition(data.newRepresentation, data.mediaType),
        fragmentLoadingCompleted: ({ request, error }: { request: FragmentRequest; error?: object }) => {
          tellRequest(request, error ? 'failed' : 'ok')
          // Redirected, the request has another address in the metrics.
          const last = player.getDashMetrics().getCurrentHttpRequest(request.mediaType as never)
          const { actualurl } = Object(last) as { actualurl?: string }
          if (!error && request.mediaType !== 'text') host.from(actualurl || request.url, request.url)
        },
        fragmentLoadingAbandoned: ({ request }: { request: FragmentRequest }) =>
          tellRequest(request, 'canceled'),
        contentSteeringRequestCompleted: (data: {
          currentSteeringResponseData: { pathwayPriority: string[] }
        }) => {
          const next = data.currentSteeringResponseData.pathwayPriority.join()
          if (next !== priority) host.because('steering')
          priority = next
        },
        // Also told of the first audio track, which nobody chose.
        trackChangeRendered: ({
          mediaType,
          newMediaInfo: { lang },
        }: {
          mediaType: string
          newMediaInfo: MediaInfo
        }) => {
          if (mediaType === 'text' || (mediaType === 'audio' && language && language !== lang))
            signals.track({ kind: mediaType, enabled: true, language: lang! })
          if (mediaType === 'audio') language = lang
        },
        public_keySystemSelected: ({ data }: { data: { keySystem: { systemString: string } } }) => {
          drm = data.keySystem.systemString
        },
        // There is no other place to get the media from: loading stops for good.
        urlResolutionFailed: () => {
          isLost = true
          tellLost()
          tellLost = () => {}
        },
        error: ({ error }: { error: DashErrorData }) => {
          const { code, data } = error
          // Of an error of the element, which is below, the element itself tells.
          if (code < 10) return
          isLost = false
          tellLost = () => {}
          const isMedia = (code === 27 || code === 28) && data!.request!.mediaType !== 'text'
          if (isMedia) host.because('failover')
          // Whether there is another place turns out in the same task, unless a manifest is just being renewed.
          void Promise.resolve().then(() =>
            attempt(() => {
              if (isMedia && !isLost) tellLost = () => signals.error(dashError(error, true, true))
              const begun = attempt(() => media().readyState)
              const ends = begun ? ENDS.test(`${code}`) : !SPARES.test(`${code}`)
              signals.error(dashError(error, isMedia ? isLost : ends, isMedia))
            }),
          )
        },
      })
      attempt(tellSource)
      for (const type of ['video', 'audio'] as const)
        attempt(() => tellRendition(player.getCurrentRepresentationForType(type as never)!, type))
      return stop
    },

    read: () =>
      known<EngineReading>({
        throughput_bps: () => player.getAverageThroughput('video' as never) * 1000,
        live: () =>
          isLive() &&
          known<NonNullable<EngineReading['live']>>({
            latency_ms: () => player.getCurrentLiveLatency() * 1000,
            edge_distance_ms: () => (player.getDvrWindow().end - player.time()) * 1000,
          }),
        // Unknown before the manifest.
        stream_type: () =>
          isLive() === false ? 'vod' : isLive() && (player.getLowLatencyModeEnabled() ? 'll_live' : 'live'),
        date_ms: () => player.timeAsUTC() * 1000,
        url,
        format: () => (player.getManifest().protocol === 'MSS' ? 'smooth' : 'dash'),
        drm,
        renditions: () => player.getRepresentationsByType('video' as never).map(renditionOf),
      }),
  }
}
