import { BUFFER_S, type OpenPlayer } from './player.ts'

/** What is used of video.js and VHS. */
declare const videojs: {
  (
    video: HTMLVideoElement,
    options: object,
  ): {
    src(source: { src: string; type: string }): void
    qualityLevels(): ArrayLike<{ width: number; enabled: boolean }> & EventTarget
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
  let isChosen = (width: number): boolean => width === 160
  const choose = () => {
    for (const level of Array.from(levels)) level.enabled = isChosen(level.width)
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
      const width = rendition === 'low' ? 160 : 320
      isChosen = (other) => other === width
      choose()
    },
    destroy: () => player.dispose(),
  }
}
