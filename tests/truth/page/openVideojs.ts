import { BUFFER_S, type OpenPlayer } from './player.ts'

/** What is used of video.js and VHS. */
declare const videojs: {
  (
    video: HTMLVideoElement,
    options: object,
  ): {
    src(source: { src: string; type: string }): void
    qualityLevels(): ArrayLike<{ width: number; enabled: boolean }> & EventTarget
    tech(safety: true): { vhs: { representations(): { width: number; playlist: { disabled: boolean } }[] } }
    dispose(): void
  }
  Vhs: { GOAL_BUFFER_LENGTH: number; MAX_GOAL_BUFFER_LENGTH: number; GOAL_BUFFER_LENGTH_RATE: number }
}

/** video.js with its VHS, one rendition enabled at a time. */
export const openVideojs: OpenPlayer = (video) => {
  videojs.Vhs.GOAL_BUFFER_LENGTH = BUFFER_S
  videojs.Vhs.MAX_GOAL_BUFFER_LENGTH = BUFFER_S
  videojs.Vhs.GOAL_BUFFER_LENGTH_RATE = 0
  const player = videojs(video, {
    preload: 'auto',
    controls: false,
    html5: { vhs: { overrideNative: true, enableLowInitialPlaylist: true } },
  })
  const levels = player.qualityLevels()
  const choose = () => {
    for (const level of Array.from(levels)) level.enabled = level.width === 160
  }
  levels.addEventListener('addqualitylevel', choose)
  return {
    instance: player,
    load: (url) =>
      player.src({
        src: url,
        type: url.endsWith('.mpd') ? 'application/dash+xml' : 'application/vnd.apple.mpegurl',
      }),
    switchTo(rendition) {
      // For what comes next. Where a level is enabled VHS throws away what is buffered, too, and then the picture stands until
      // the next key frame, or does not, as the machine has it.
      for (const { width, playlist } of player.tech(true).vhs.representations())
        playlist.disabled = width !== (rendition === 'low' ? 160 : 320)
    },
    destroy: () => player.dispose(),
  }
}
