import type { AdSource } from '../engine.ts'
import { safely } from '../safely.ts'
import { createQuartiles } from './createQuartiles.ts'

/** What is used of a Video.js player with videojs-contrib-ads. */
export interface ContribAdsPlayer {
  on(type: never, listener: never): void
  off(type: never, listener: never): void
  currentTime(): number | undefined
  duration(): number | undefined
}

/** What contrib-ads keeps in `player.ads`, and what its convention lets a plugin put there. */
interface AdsState {
  adType?: string | null
  ad?: { id?: string; duration?: number }
  pod?: { id?: string; size?: number }
  settings?: { stitchedAds?: boolean }
}

const POSITIONS: Record<string, 'pre' | 'mid' | 'post'> = {
  preroll: 'pre',
  midroll: 'mid',
  postroll: 'post',
}

/**
 * Tells of the ads that a plugin shows by videojs-contrib-ads: `trackVideo(video, { …, ads: ads(contribAds(player)) })`. Say
 * `{ inElement: false }` where the plugin shows them in an element of its own; of IMA's ads `ima(…)` tells more.
 * https://videojs.github.io/videojs-contrib-ads/integrator/common-interface.html
 */
export const contribAds = (
  player: ContribAdsPlayer,
  { inElement = true, now = () => performance.now() }: { inElement?: boolean; now?: () => number } = {},
): AdSource => ({
  connect(signals) {
    let dueAt = 0
    let ads = 0
    let isNamed = false
    let quartiles: ReturnType<typeof createQuartiles> | undefined
    let hasTold = false
    let isOpen = false

    const state = () => (player as { ads?: AdsState }).ads || {}
    const isStitched = () => !!state().settings?.stitchedAds
    const leave = (reason?: 'completed' | 'skipped') => () => {
      if (!quartiles) return
      if (reason === 'completed') quartiles(1)
      quartiles = undefined
      dueAt = now()
      signals.end(reason || 'quit')
    }
    const start = () => {
      if (quartiles) return
      quartiles = createQuartiles(signals)
      isNamed = false
      const { ad } = state()
      const length = ad?.duration || (inElement && !isStitched() ? player.duration() : 0)
      signals.start({
        ad_id: ad?.id ? String(ad.id) : undefined,
        pod_index: ++ads,
        duration_ms: length && Number.isFinite(length) ? Math.round(length * 1000) : undefined,
        load_ms: Math.round(now() - dueAt),
      })
    }
    const end = () => {
      isOpen = false
      quartiles = undefined
      signals.breakEnd()
    }

    const handlers: Record<string, (event: { error?: { errorType?: string } }) => void> = {
      adstart() {
        isOpen = true
        dueAt = now()
        ads = 0
        quartiles = undefined
        const { adType, pod } = state()
        const about = {
          break_id: pod?.id ? String(pod.id) : undefined,
          ads_planned: pod?.size || undefined,
          insertion: isStitched() ? 'server' : 'client',
          inElement,
        } as const
        const position = POSITIONS[adType || '']
        signals.breakStart(position ? Object.assign({ position }, about) : about)
      },
      // Before a break contrib-ads calls the content's own `playing` so too.
      adplaying() {
        if (isOpen) start()
      },
      // By convention; plugins that say it say it of each ad, right after `adplaying` or instead of it.
      'ads-ad-started'() {
        if (isNamed) leave('completed')()
        start()
        isNamed = true
      },
      adtimeupdate() {
        if (inElement && !isStitched())
          quartiles?.((player.currentTime() || 0) / (player.duration() || Infinity))
      },
      'ads-first-quartile': () => quartiles?.(0.25),
      'ads-midpoint': () => quartiles?.(0.5),
      'ads-third-quartile': () => quartiles?.(0.75),
      'ads-pause': () => signals.paused(true),
      'ads-play': () => signals.paused(false),
      'ads-click': () => signals.click(),
      'ads-ad-skipped': leave('skipped'),
      'ads-ad-ended': leave('completed'),
      adended: leave('completed'),
      // The next ad of the break is loaded into the element, and nobody said how the one before ended.
      adloadstart: leave(),
      // Comes before the break ends for it; `adserror`, which it stands for, after.
      vjsadserror({ error }) {
        const code = error?.errorType || ''
        if (!/roll-error$/.test(code)) return
        hasTold = true
        quartiles = undefined
        signals.error({ code })
      },
      adserror() {
        if (!hasTold) signals.error({ code: 'adserror' })
        hasTold = false
      },
      adtimeout: () => signals.error({ code: 'adtimeout' }),
      adend: end,
      contentchanged: end,
    }
    const listeners = Object.entries(handlers).map(([name, handler]) => [name, safely(handler)] as const)
    for (const [name, listener] of listeners) player.on(name as never, listener as never)
    return () => {
      for (const [name, listener] of listeners) player.off(name as never, listener as never)
    }
  },
})
