import type { MediaPlayer } from '../../../packages/player-sdk/node_modules/dashjs/index.d.ts'
import { BUFFER_S, type OpenPlayer, RETRY_MS, SLOW_BPS } from './player.ts'

declare const dashjs: { MediaPlayer: typeof MediaPlayer }

/** dash.js, its own choice of renditions off. */
export const openDash: OpenPlayer = (video, attempts) => {
  const dash = dashjs.MediaPlayer().create()
  dash.initialize(video, undefined, false)
  dash.updateSettings({
    streaming: {
      buffer: {
        bufferTimeDefault: BUFFER_S,
        bufferTimeAtTopQuality: BUFFER_S,
        bufferTimeAtTopQualityLongForm: BUFFER_S,
      },
      retryAttempts: { MediaSegment: attempts },
      retryIntervals: { MediaSegment: RETRY_MS },
      abr: { autoSwitchBitrate: { video: false }, initialBitrate: { video: SLOW_BPS / 1000 } },
    },
  })
  return {
    instance: dash,
    load: (url) => dash.attachSource(url),
    switchTo: (rendition) => dash.setRepresentationForTypeById('video', rendition),
    destroy: () => dash.destroy(),
  }
}
