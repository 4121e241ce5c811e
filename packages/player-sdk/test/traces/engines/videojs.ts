import { videojs } from '../../../src/engines/videojs.ts'
import type { SegmentCue, Tech, VideojsPlayer } from '../../../src/engines/videojsPlayer.ts'
import { blobOf, type CreateEngine } from '../fakeEngine.ts'
import { createEmitter } from './createEmitter.ts'

const SEGMENT_S = 4

const listOf = (tracks: object[]) => Object.assign(tracks, { on() {}, off() {} }) as never

/** A video.js with VHS that plays what it is given. */
export const fakeVideojs: CreateEngine = (video, manifest) => {
  const ofPlayer = createEmitter()
  const ofTech = createEmitter()
  const ofCues = createEmitter()
  let src = ''
  let error: object | null = null
  let shown = -1

  const cue = (): SegmentCue => {
    const { bitrate_bps, width_px, height_px } = manifest.renditions[shown] ?? {}
    return {
      startTime: video.currentTime,
      value: {
        playlist: shown < 0 ? (undefined as never) : `${shown}.m3u8`,
        ...(bitrate_bps && { bandwidth: bitrate_bps }),
        ...(width_px && height_px && { resolution: { width: width_px, height: height_px } }),
        ...(manifest.date() && { dateTimeObject: manifest.date()! }),
      },
    }
  }
  const segmentMetadata = {
    label: 'segment-metadata',
    kind: 'metadata',
    addEventListener: ofCues.on,
    removeEventListener: ofCues.off,
    get activeCues() {
      return [cue()]
    },
  }
  const tech: Tech = {
    vhs: {
      stats: { mediaBytesTransferred: 0, mediaTransferDuration: 0 },
      playlists: {
        media: () => ({
          endList: !manifest.isLive(),
          lastRequest: Date.now(),
          // The last one is listed and not appended yet.
          segments: [
            { duration: SEGMENT_S, end: manifest.window().end - SEGMENT_S },
            { duration: SEGMENT_S },
          ],
        }),
      },
      representations: () =>
        manifest.renditions.map(({ bitrate_bps, width_px, height_px }) => ({
          bandwidth: bitrate_bps,
          width: width_px,
          height: height_px,
          playlist: {},
        })),
      seekable: () => ({ length: 1, start: () => manifest.window().start, end: () => manifest.window().end }),
      version: () => ({ '@videojs/http-streaming': '3.17.5' }),
    },
    el: () => video,
    on: (type, listener) => ofTech.on(type as never, listener),
    off: (type, listener) => ofTech.off(type as never, listener),
  }
  const player: VideojsPlayer = {
    on: (type, listener) => ofPlayer.on(type as never, listener),
    off: (type, listener) => ofPlayer.off(type as never, listener),
    tech: () => tech as never,
    textTracks: () => listOf([segmentMetadata]),
    audioTracks: () => listOf([]),
    currentSource: () => ({ src }) as never,
    error: () => error as never,
    version: () => ({ 'video.js': '8.24.1' }) as never,
  }
  // The tech passes on what the element fires.
  for (const type of ['loadstart', 'play', 'timeupdate'])
    video.addEventListener(type, () => ofPlayer.emit(type, { type }))
  const tellUsage = (name: string) => ofTech.emit('usage', { type: 'usage', name })
  return {
    engine: videojs(player),
    urlOf: blobOf,
    load(source) {
      src = `https://media.example/${source}.m3u8`
      ofPlayer.emit('sourceset', { type: 'sourceset', src })
    },
    error({ severity }) {
      if (severity === 'warning') return ofTech.emit('retryplaylist', { type: 'retryplaylist' })
      error = { code: 2, message: 'told' }
      ofPlayer.emit('error', { type: 'error' })
    },
    jump(kind, move) {
      move()
      tellUsage(kind === 'live_edge' ? 'vhs-live-resync' : 'vhs-gap-skip')
    },
    rendition(index) {
      shown = index
      ofCues.emit('cuechange', {})
    },
    segment: (uri) =>
      ofPlayer.emit('segmentloaded', {
        metadata: {
          segmentInfo: { type: 'main', uri, duration: SEGMENT_S, isMediaInitialization: false },
        },
      }),
  }
}
