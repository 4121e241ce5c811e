import { hls } from '../../../src/engines/hls.ts'
import type { HlsInstance, Level } from '../../../src/engines/hlsInstance.ts'
import { blobOf, type CreateEngine } from '../fakeEngine.ts'
import type { Rendition } from '../trace.ts'
import { createEmitter } from './createEmitter.ts'

const levelOf = ({ bitrate_bps, width_px, height_px }: Rendition): Level => ({
  bitrate: bitrate_bps,
  width: width_px,
  height: height_px,
  frameRate: 0,
  audioCodec: undefined,
  videoCodec: 'avc1',
  attrs: {},
})

const bufferInfo = ({ buffered, currentTime }: HTMLVideoElement) => {
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= currentTime + 0.1 && buffered.end(i) >= currentTime)
      return { len: buffered.end(i) - currentTime }
  return { len: 0 }
}

/** An hls.js that plays what it is given. */
export const fakeHls: CreateEngine = (video, manifest) => {
  const { on, off, emit } = createEmitter()
  let url: string | null = null
  let shown = -1
  const instance: HlsInstance = {
    on,
    off,
    get levels() {
      return manifest.renditions.map(levelOf)
    },
    get currentLevel() {
      return shown
    },
    autoLevelEnabled: true,
    autoLevelCapping: -1,
    subtitleTracks: [],
    media: video,
    get url() {
      return url
    },
    get latency() {
      return manifest.window().end - video.currentTime
    },
    lowLatencyMode: false,
    get playingDate() {
      return manifest.date() ?? null
    },
    get latestLevelDetails() {
      return { live: manifest.isLive(), partTarget: 0 }
    },
    get mainForwardBufferInfo() {
      return bufferInfo(video)
    },
    get audioForwardBufferInfo() {
      return bufferInfo(video)
    },
    bandwidthEstimate: 500_000,
    abrEwmaDefaultEstimate: 500_000,
  }
  const tell = (type: string, data: object) => emit(type, type, data)
  const fragOf = (url: string) => ({ type: 'main', url, duration: 4, level: 0, stats: { loading: {} } })
  return {
    engine: hls(instance),
    urlOf: blobOf,
    load(source) {
      url = `https://media.example/${source}.m3u8`
      tell('hlsManifestLoading', { url })
    },
    error({ severity }) {
      const fatal = severity === 'fatal'
      tell('hlsError', {
        type: 'networkError',
        details: 'fragLoadError',
        fatal,
        frag: fragOf('https://media.example/1.ts'),
        response: { code: 503 },
        errorAction: { action: fatal ? 0 : 5 },
      })
    },
    jump(kind, move) {
      if (kind === 'live_edge') tell('hlsLevelUpdated', {})
      move()
      if (kind === 'live_edge') tell('hlsLevelLoaded', {})
      else tell('hlsError', { type: 'mediaError', details: 'bufferSeekOverHole', fatal: false })
    },
    rendition(index) {
      shown = index
      tell('hlsLevelSwitched', { level: index })
    },
    segment: (url) =>
      tell('hlsFragLoaded', { frag: fragOf(url), networkDetails: { responseURL: url, status: 200 } }),
  }
}
