import type { Page } from 'playwright-core'
import type { Site } from './site.ts'

/** Does something to the page's video; what the browser itself offers, so that it is the same with any SDK. */
const act = (page: Page, action: 'play' | 'pause' | 'mute' | 'unmute' | 'seek' | 'switch') =>
  page.evaluate((action) => {
    const video = document.querySelector('video')!
    const { hls } = window as unknown as { hls: { nextLevel: number; currentLevel: number } }
    if (action === 'play') return video.play()
    if (action === 'pause') video.pause()
    if (action === 'mute') video.muted = true
    if (action === 'unmute') video.muted = false
    if (action === 'seek') video.currentTime += 20
    if (action === 'switch') hls.nextLevel = 0
  }, action)

/**
 * A minute as viewers have them, by HLS: one seek, a pause, a stall of 3 s, a change of rendition, the sound off and on;
 * 62 s from the first frame to the closing of the tab, which is the caller's.
 */
export const playScriptedMinute = async (page: Page, site: Site) => {
  await act(page, 'play')
  await page.waitForFunction(() => document.querySelector('video')!.currentTime > 0)
  const start = Date.now()
  const at = (seconds: number) => page.waitForTimeout(Math.max(0, start + seconds * 1000 - Date.now()))
  await at(8)
  await act(page, 'seek')
  await at(15)
  await act(page, 'mute')
  await at(17)
  await act(page, 'unmute')
  await at(22)
  await act(page, 'pause')
  await at(27)
  await act(page, 'play')
  await at(32)
  site.holdMedia(true)
  await page.waitForFunction(() => document.querySelector('video')!.readyState < 3)
  await page.waitForTimeout(3000)
  site.holdMedia(false)
  await at(48)
  await act(page, 'switch')
  await at(62)
}
