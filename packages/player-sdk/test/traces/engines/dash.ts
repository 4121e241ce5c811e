import { dash } from '../../../src/engines/dash.ts'
import type { DashPlayer, Representation } from '../../../src/engines/dashPlayer.ts'
import { blobOf, type CreateEngine } from '../fakeEngine.ts'
import type { Rendition } from '../trace.ts'
import { createEmitter } from './createEmitter.ts'

/** `MediaPlayer.errors` of dash.js: a segment could not be loaded. */
const FRAGMENT_LOADER_LOADING_FAILURE_ERROR_CODE = 27

const representationOf = ({ bitrate_bps, width_px, height_px }: Rendition): Representation => ({
  bandwidth: bitrate_bps,
  width: width_px,
  height: height_px,
  frameRate: 0,
  codecs: null,
})

/** A dash.js that plays what it is given. */
export const fakeDash: CreateEngine = (video, manifest) => {
  const { on, off, emit } = createEmitter()
  let source = ''
  let shown = -1
  const representations = () => manifest.renditions.map(representationOf)
  const player: DashPlayer = {
    on,
    off,
    getVersion: () => '5.2.1',
    getVideoElement: () => video,
    getSource: () => source,
    getManifest: () => ({}),
    isDynamic: manifest.isLive,
    time: () => video.currentTime,
    timeAsUTC: () => Number(manifest.date()) / 1000,
    getDvrWindow: manifest.window,
    getCurrentLiveLatency: () => (Date.now() - Number(manifest.date())) / 1000,
    getTargetLiveDelay: () => 3,
    getLowLatencyModeEnabled: () => false,
    getAverageThroughput: () => Number.NaN,
    getDashMetrics: () => ({ getCurrentHttpRequest: () => ({}) }),
    getRepresentationsByType: (type) => (type === 'video' ? representations() : []),
    getCurrentRepresentationForType: (type) => (type === 'video' && representations()[shown]) || null,
    getSettings: () => ({ streaming: { abr: { autoSwitchBitrate: { video: true, audio: true } } } }),
  }
  return {
    engine: dash(player),
    urlOf: blobOf,
    load(name) {
      source = `https://media.example/${name}.mpd`
      emit('manifestLoadingStarted', {})
      emit('playbackMetaDataLoaded', {})
    },
    error({ severity }) {
      const data = { request: { mediaType: 'video' }, response: { status: 503 } }
      emit('error', { error: { code: FRAGMENT_LOADER_LOADING_FAILURE_ERROR_CODE, message: 'told', data } })
      if (severity === 'fatal') emit('urlResolutionFailed', {})
    },
    // It tells nobody.
    jump: (_, move) => move(),
    rendition(index) {
      shown = index
      emit('qualityChangeRendered', { mediaType: 'video', newRepresentation: representations()[index] })
    },
    segment(url) {
      emit('fragmentLoadingCompleted', {
        request: { url, type: 'MediaSegment', mediaType: 'video', duration: 4 },
      })
    },
  }
}
