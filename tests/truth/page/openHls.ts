import type HlsJs from '../../../packages/player-sdk/node_modules/hls.js/dist/hls.d.ts'
import { BUFFER_S, type OpenPlayer, RETRY_MS } from './player.ts'

declare const Hls: typeof HlsJs

/** What hls.js is told wherever it plays here. */
export const hlsSettings = (attempts: number): Partial<HlsJs['config']> => {
  const retry = { maxNumRetry: attempts, retryDelayMs: RETRY_MS, maxRetryDelayMs: RETRY_MS }
  return {
    maxBufferLength: BUFFER_S,
    maxMaxBufferLength: BUFFER_S,
    startLevel: 0,
    fragLoadPolicy: {
      default: {
        maxTimeToFirstByteMs: 60_000,
        maxLoadTimeMs: 60_000,
        timeoutRetry: retry,
        errorRetry: retry,
      },
    },
  }
}

/** hls.js, its own choice of renditions off. */
export const openHls: OpenPlayer = (video, attempts) => {
  const hls = new Hls(hlsSettings(attempts))
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    hls.loadLevel = 0
  })
  return {
    instance: hls,
    load(url) {
      hls.loadSource(url)
      hls.attachMedia(video)
    },
    switchTo(rendition) {
      hls.nextLevel = rendition === 'low' ? 0 : 1
    },
    destroy: () => hls.destroy(),
  }
}
