import { shaka } from '../../../src/engines/shaka.ts'
import type { ShakaPlayer, Stream } from '../../../src/engines/shakaPlayer.ts'
import { blobOf, type CreateEngine } from '../fakeEngine.ts'
import type { Rendition } from '../trace.ts'
import { createEmitter } from './createEmitter.ts'

/** How long a segment is, s. */
const SEGMENT_S = 4

const streamOf = ({ bitrate_bps, width_px, height_px }: Rendition): Stream => ({
  type: 'video',
  bandwidth: bitrate_bps,
  width: width_px,
  height: height_px,
  frameRate: null,
  codecs: null,
})

/** A Shaka Player that plays what it is given. */
export const fakeShaka: CreateEngine = (video, manifest) => {
  const { on, off, emit } = createEmitter()
  const streams = new Map<Rendition, Stream>()
  let uri: string | null = null
  let shown = -1
  const trackOf = (rendition: Rendition, index: number) => ({
    ...streamOf(rendition),
    active: index === shown,
    videoBandwidth: rendition.bitrate_bps,
    videoCodec: null,
    language: 'und',
  })
  /** A media segment of the picture, from where the playhead is, has come. */
  const tellDownload = (uri: string, stream?: Stream) => {
    const from = video.currentTime
    const segment = { getStartTime: () => from, getEndTime: () => from + SEGMENT_S }
    emit('downloadcompleted', {
      requestType: 1,
      request: { attempt: 0 },
      response: { uri, originalUri: uri, data: { byteLength: 0 } },
      context: stream ? { type: 1, stream, segment } : {},
    })
  }
  const player: ShakaPlayer = {
    addEventListener: (type, listener) => on(type as never, listener),
    removeEventListener: (type, listener) => off(type as never, listener),
    getMediaElement: () => video,
    getAssetUri: () => uri,
    getManifestType: () => 'DASH',
    getVariantTracks: () => manifest.renditions.map(trackOf),
    getTextTracks: () => [],
    getStats: () => ({ estimatedBandwidth: 0, bytesDownloaded: 0 }),
    getConfiguration: () => ({ abr: { enabled: true }, streaming: { lowLatencyMode: false } }),
    getManifest: () => ({
      presentationTimeline: { getSegmentAvailabilityEnd: () => manifest.window().end },
    }),
    getPlayheadTimeAsDate: () => manifest.date() ?? null,
    isLive: manifest.isLive,
    keySystem: () => '',
    seekRange: manifest.window,
  }
  return {
    engine: shaka(player),
    urlOf: blobOf,
    load(source) {
      uri = `https://media.example/${source}.mpd`
      emit('loading', {})
      emit('loaded', {})
    },
    error({ severity }) {
      // `shaka.util.Error`: BAD_HTTP_STATUS of a segment.
      emit('error', {
        detail: {
          severity: severity === 'fatal' ? 2 : 1,
          category: 1,
          code: 1001,
          message: 'told',
          data: ['https://media.example/1.mp4', 503, '', {}, 1],
        },
      })
    },
    jump(kind, move) {
      move()
      // Of a move to the live edge it tells nobody.
      if (kind === 'gap') emit('gapjumped', {})
    },
    rendition(index) {
      const rendition = manifest.renditions[index]!
      const stream = streams.get(rendition) ?? streamOf(rendition)
      streams.set(rendition, stream)
      shown = index
      emit('adaptation', {})
      tellDownload('https://media.example/1.m4s', stream)
    },
    segment: (url) => tellDownload(url),
  }
}
