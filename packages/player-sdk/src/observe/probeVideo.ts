import type { Content, Context } from '@viewbeat/schema'
import type { Probes } from '../createView.ts'
import { attempt } from '../safely.ts'

const sourceOf = (currentSrc: string): Context['source'] => {
  // A blob: URL is a media source in memory; what feeds it is not the element's to tell.
  if (!/^https?:/.test(currentSrc)) return
  const { host, pathname } = new URL(currentSrc)
  const [, format] = /\.(m3u8|mpd)$/i.exec(pathname) || []
  return { host, format: format ? (/u/i.test(format) ? 'hls' : 'dash') : 'file' }
}

const ms = (seconds: number) => Math.round(seconds * 1000)

/** ms of media buffered ahead of the playhead. */
export const bufferAhead = ({ buffered, currentTime }: HTMLMediaElement) => {
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= currentTime + 0.1 && buffered.end(i) > currentTime)
      return ms(buffered.end(i) - currentTime)
  return 0
}

const withDuration = (content: Content, duration: number): Content => {
  if (content.duration_ms !== undefined || Number.isNaN(duration)) return content
  if (duration === Number.POSITIVE_INFINITY) return Object.assign({ stream_type: 'live' }, content)
  return Object.assign({ duration_ms: ms(duration) }, content)
}

/** The longest path the schema takes, characters. */
const MAX_PATH = 1024

/** What can be read off a bare `<video>` and its page at any time. Origin and path only: queries hold tokens. */
export const probeVideo = (
  video: HTMLVideoElement,
  /** What does not change. */
  fixed: { [name in keyof Context]?: Context[name] | undefined },
): Probes => ({
  playhead: () => attempt(() => (video.readyState > 0 ? ms(video.currentTime) : null), null),
  rate: () => attempt(() => video.playbackRate, 1),
  buffer_ms: () => attempt(() => bufferAhead(video), 0),
  frames: () =>
    attempt(() => {
      const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality()
      return { frames_total: totalVideoFrames, frames_dropped: droppedVideoFrames }
    }),
  describe: (content) =>
    Object.assign(
      {
        content: attempt(() => withDuration(content, video.duration), content),
        source: attempt(() => sourceOf(video.currentSrc)),
        page: { origin: location.origin, path: location.pathname.slice(0, MAX_PATH) },
      },
      fixed,
    ) as Context,
})
