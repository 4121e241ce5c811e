import type { Content, Context } from '@viewbeat/schema'
import type { Probes } from '../createView.ts'
import { attempt } from '../safely.ts'

const sourceOf = (currentSrc: string): Context['source'] => {
  // A blob: URL is a media source in memory; what feeds it is not the element's to tell.
  if (!/^https?:/.test(currentSrc)) return undefined
  const { host, pathname } = new URL(currentSrc)
  return { host, format: /\.m3u8$/i.test(pathname) ? 'hls' : /\.mpd$/i.test(pathname) ? 'dash' : 'file' }
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
export const probeVideo = (video: HTMLVideoElement, player: Context['player']): Probes => ({
  playhead: () => attempt(() => (video.readyState > 0 ? ms(video.currentTime) : null), null),
  rate: () => attempt(() => video.playbackRate, 1),
  buffer_ms: () => attempt(() => bufferAhead(video), 0),
  frames: () =>
    attempt(() => {
      const quality = video.getVideoPlaybackQuality?.()
      return quality && { frames_total: quality.totalVideoFrames, frames_dropped: quality.droppedVideoFrames }
    }, undefined),
  describe: (content) => {
    const page = { origin: location.origin, path: location.pathname.slice(0, MAX_PATH) }
    const source = attempt(() => sourceOf(video.currentSrc), undefined)
    return Object.assign(
      { content: attempt(() => withDuration(content, video.duration), content), player, page },
      source && { source },
      (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl && { gpc: true },
    )
  },
})
