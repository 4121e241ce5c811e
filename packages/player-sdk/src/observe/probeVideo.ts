import type { Content, Context } from '@viewbeat/schema'
import { bufferAhead } from '../bufferAhead.ts'
import type { Probes } from '../createView.ts'
import type { EngineReading } from '../engine.ts'
import { attempt } from '../safely.ts'

/** HAVE_FUTURE_DATA: there is something to play beyond the current frame. */
export const FUTURE_DATA = 3

const formatOf = (path: string) => (/\.m3u8$/i.test(path) ? 'hls' : /\.mpd$/i.test(path) ? 'dash' : undefined)

const ms = (seconds: number) => Math.round(seconds * 1000)

const withDuration = (content: Content, duration: number, { live, stream_type }: EngineReading): Content => {
  const type = stream_type || (live || duration === Number.POSITIVE_INFINITY ? 'live' : undefined)
  if (content.duration_ms !== undefined || Number.isNaN(duration)) return content
  if (type && type !== 'vod') return Object.assign({ stream_type: type }, content)
  return Object.assign({ duration_ms: ms(duration) }, content)
}

/** The longest path the schema takes, characters. */
const MAX_PATH = 1024

/** What can be read off a `<video>`, its engine and its page at any time. Origin and path only: queries hold tokens. */
export const probeVideo = (
  video: HTMLVideoElement,
  read: () => EngineReading,
  /** Host of the media, where the engine said it. */
  host: () => string | undefined,
  /** What the element shows is of another view. */
  isStale: () => boolean,
  /** What does not change. */
  fixed: { [name in keyof Context]?: Context[name] | undefined },
): Probes => {
  const sourceOf = (): Context['source'] => {
    const { url, format, drm } = read()
    const from = url || video.currentSrc
    // A blob: URL is a media source in memory; what feeds it is the engine's to tell.
    if (!/^(https?:)?\/\//.test(from)) return format || host() ? { host: host(), format, drm } : undefined
    const parsed = new URL(from, location.href)
    return {
      host: host() || parsed.host,
      format: format || formatOf(parsed.pathname) || (url ? undefined : 'file'),
      drm,
    }
  }
  let shift: number | undefined
  return {
    playhead: () => attempt(() => (video.readyState > 0 && !isStale() ? ms(video.currentTime) : null), null),
    rate: () => attempt(() => video.playbackRate || 1, 1),
    seenOnce: () =>
      attempt(() => {
        let sum = 0
        for (let i = 0; i < video.played.length; i++) sum += video.played.end(i) - video.played.start(i)
        return ms(sum)
      }),
    standing() {
      const { buffer_ms = attempt(() => bufferAhead(video)), throughput_bps, live } = read()
      return { buffer_ms, throughput_bps, live }
    },
    toEpoch() {
      const { date_ms } = read()
      // Engines lose the date now and then; the distance stays.
      if (date_ms) shift = attempt(() => Math.round(date_ms) - ms(video.currentTime), shift)
      return shift
    },
    frames: () =>
      attempt(() => {
        const { frames } = read()
        if (frames) return frames
        const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality()
        return { frames_total: totalVideoFrames, frames_dropped: droppedVideoFrames }
      }),
    describe: (content) =>
      Object.assign(
        {
          content: attempt(() => withDuration(content, video.duration, read()), content),
          source: attempt(sourceOf),
          page: { origin: location.origin, path: location.pathname.slice(0, MAX_PATH) },
        },
        fixed,
      ) as Context,
  }
}
