import type { Engine, EngineReading, SegmentRequest } from '../engine.ts'
import { attempt } from '../safely.ts'
import type { EngineOptions } from './engineOptions.ts'
import { known } from './known.ts'
import { shakaError } from './shakaError.ts'
import type { Download, ShakaErrorData, ShakaPlayer, Stream, Track } from './shakaPlayer.ts'
import { subscribe } from './subscribe.ts'
import { hostOf, watchHost } from './watchHost.ts'

/** So many downloads are remembered: more than fit into the buffer, however short the segments. */
const REMEMBERED = 300

const isActive = ({ active }: { active: boolean }) => active

/** Of a stream, or of the video of a track. */
const renditionOf = (of: Stream & Partial<Track>) =>
  known({
    bitrate_bps: of.videoBandwidth || of.bandwidth,
    width_px: of.width,
    height_px: of.height,
    fps: of.frameRate,
    codec: of.videoCodec || of.codecs,
  })

/** Listens to a `shaka.Player`, at any time of its life: pass it as `engine` to `trackVideo`. */
export const shaka = (player: ShakaPlayer, { sampleRequests = 0 }: EngineOptions = {}): Engine => {
  const media = () => player.getMediaElement()!
  const url = () => new URL(player.getAssetUri()!.trim(), location.href).href

  return {
    player: known<Engine['player']>({
      engine: 'shaka',
      engine_version: () => (player.constructor as { version?: string }).version!.replace('v', ''),
    }) as Engine['player'],

    connect(signals) {
      const host = watchHost(signals)
      /** What was downloaded for which part of the presentation, the newest first. */
      const downloads: { start: number; end: number; stream: Stream }[] = []
      const shown: Record<string, Stream> = {}
      let stopMedia = () => {}
      let isLoading = false
      let failed: ShakaErrorData | undefined

      const tellSource = () => signals.source(url())
      const tellChosen = () => {
        const track = player.getVariantTracks().find(isActive)
        if (track && !downloads.length) signals.rendition(renditionOf(track))
      }
      /** Shaka says what is on screen only where it is configured to. What it says of downloads tells it too. */
      const tellShown = () => {
        const at = media().currentTime
        for (const type of ['video', 'audio'] as const) {
          const now = downloads.find((of) => of.stream.type === type && of.start <= at && at < of.end)
          if (!now || now.stream === shown[type]) continue
          shown[type] = now.stream
          signals.rendition(
            renditionOf(now.stream),
            player.getConfiguration().abr.enabled ? 'abr' : 'user',
            type,
          )
        }
      }
      const lookAtMedia = () => {
        isLoading = false
        stopMedia()
        stopMedia = subscribe(media(), 'addEventListener', 'removeEventListener', { timeupdate: tellShown })
      }
      const tellError = (error: ShakaErrorData) => {
        // Interrupted, aborted, destroyed: the page wanted that.
        if (!/^700[013]$/.test(`${error.code}`)) signals.error(shakaError(error))
      }

      // The names are those of the events of `shaka.Player`.
      const stop = subscribe(player, 'addEventListener', 'removeEventListener', {
        loading: () => {
          isLoading = true
          failed = undefined
          downloads.length = 0
          tellSource()
        },
        // It empties the element before it says `loading`, and knows by now what for.
        unloading: tellSource,
        loaded: lookAtMedia,
        adaptation: tellChosen,
        variantchanged: ({ oldTrack, newTrack: { language } }: { oldTrack: Track; newTrack: Track }) => {
          tellChosen()
          if (oldTrack.language !== language) signals.track({ kind: 'audio', enabled: true, language })
        },
        textchanged: () => {
          const track = player.getTextTracks().find(isActive)
          signals.track({ kind: 'text', enabled: !!track, language: track?.language })
        },
        downloadcompleted: ({ requestType, request, response, context = {} }: Download) => {
          // `shaka.net.NetworkingEngine.RequestType`: content steering, segment.
          if (requestType === 8) host.because('steering')
          if (requestType !== 1) return
          if (request.attempt) host.because('failover')
          host.from(response.uri, response.originalUri)
          const { stream, segment, type } = context
          // `AdvancedRequestType`: media segment.
          const isMedia = type === 1 && stream && segment
          const start = isMedia ? segment.getStartTime() : 0
          const end = isMedia ? segment.getEndTime() : 0
          if (isMedia) {
            downloads.unshift({ start, end, stream })
            downloads.splice(REMEMBERED)
          }
          if (Math.random() < sampleRequests)
            signals.request(
              known<SegmentRequest>({
                object: isMedia ? stream.type : 'init',
                outcome: 'ok',
                host: hostOf(response.uri),
                status: response.status,
                ttfb_ms: request.timeToFirstByte,
                duration_ms: response.timeMs,
                bytes: response.data.byteLength,
                media_ms: (end - start) * 1000,
                bitrate_bps: () => stream!.bandwidth,
                sample_rate: sampleRequests,
              }) as SegmentRequest,
            )
        },
        // Only who asked for a load is told that it failed. Others see what could not be fetched; the last critical error
        // (`ATTEMPTS_EXHAUSTED`) says that all attempts are used up.
        downloadfailed: ({ requestType, error }: Download) => {
          if (requestType !== 0 || !error || !isLoading) return
          if (error.severity > 1)
            tellError(error.code === 1010 && failed ? Object.assign({}, failed, { severity: 2 }) : error)
          failed = error
        },
        gapjumped: () => signals.jump(),
        stalldetected: () => signals.jump(),
        // Of a live stream Shaka lowers the severity once its listeners have heard, and tries again.
        error: ({ detail }: { detail: ShakaErrorData }) => {
          void Promise.resolve().then(() => attempt(() => tellError(detail)))
        },
      })
      attempt(tellSource)
      attempt(tellChosen)
      attempt(lookAtMedia)
      return () => {
        stop()
        stopMedia()
      }
    },

    read() {
      const isLive = () => player.isLive()
      const date = () => {
        const at = Number(player.getPlayheadTimeAsDate())
        // A stream that carries no time is played as if it had begun in 1970.
        return isLive() && at > 1e12 && at
      }
      return known<EngineReading>({
        // Before anything is measured, Shaka answers what the browser guesses, or what it is configured to begin with.
        throughput_bps: () => {
          const { estimatedBandwidth } = player.getStats()
          const { downlink } = Object((navigator as { connection?: unknown }).connection)
          const guesses = [downlink * 1e6, player.getConfiguration().abr.defaultBandwidthEstimate]
          return !guesses.includes(estimatedBandwidth) && estimatedBandwidth
        },
        live: () =>
          isLive() &&
          known<NonNullable<EngineReading['live']>>({
            latency_ms: () => date() && Date.now() - +date(),
            edge_distance_ms: () =>
              player.getManifest()!.presentationTimeline.getSegmentAvailabilityEnd() * 1000 -
              media().currentTime * 1000,
          }),
        stream_type: () => {
          const { isLowLatency } = player.getManifest()!
          return !isLive()
            ? 'vod'
            : isLowLatency && player.getConfiguration().streaming.lowLatencyMode
              ? 'll_live'
              : 'live'
        },
        date_ms: date,
        url,
        format: () => /dash|hls/.exec(player.getManifestType()!.toLowerCase())![0] as 'dash' | 'hls',
        drm: () => player.keySystem(),
        renditions: () => player.getVariantTracks().map(renditionOf),
      })
    },
  }
}
