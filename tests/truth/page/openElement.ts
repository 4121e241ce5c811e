import type { OpenPlayer } from './player.ts'

/** The browser alone. */
export const openElement: OpenPlayer = (video) => ({
  load(url) {
    video.preload = 'auto'
    video.src = url
  },
  switchTo() {},
  destroy() {
    video.removeAttribute('src')
    video.load()
  },
})
