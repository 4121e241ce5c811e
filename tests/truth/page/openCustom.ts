import { hlsSettings } from './openHls.ts'
import type { OpenPlayer } from './player.ts'

/** An element of its own that plays HLS and looks like a video to a page. */
export const openCustom: OpenPlayer = (video, attempts) => {
  Object.assign(video, { config: hlsSettings(attempts) })
  return {
    load(url) {
      video.src = url
    },
    switchTo() {},
    destroy: () => video.removeAttribute('src'),
  }
}
