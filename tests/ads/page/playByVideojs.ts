import type { ContribAdsPlayer } from '../../../packages/player-sdk/src/ads/contribAds.ts'

/** What is used of Video.js and contrib-ads. */
interface Player {
  on(type: string, listener: () => void): void
  off(type: string, listener: () => void): void
  currentTime(): number | undefined
  duration(): number | undefined
  src(source: { src: string; type: string }): void
  play(): Promise<void>
  one(type: string, listener: () => void): void
  trigger(type: string): void
  ads: {
    (options: object): void
    startLinearAdMode(): void
    endLinearAdMode(): void
    isInAdMode(): boolean
  }
}

declare const videojs: (video: HTMLVideoElement, options: object) => Player

/** How a test's plugin shows ads, and when. */
export type VideojsAds =
  | 'pre'
  | 'mid'
  | 'pod'
  | 'post'
  | 'failing'
  | 'refused'
  | 'late'
  | 'lateAfterPlaying'
  | 'apart'
  | 'stitched'
  | 'skipped'

const AD = { src: '/ad.mp4', type: 'video/mp4' }
const CONTENT = { src: '/sample/sample.mp4', type: 'video/mp4' }
const SHORT_CONTENT = { src: '/short.mp4', type: 'video/mp4' }

/** Plays a content with ads in its element, as the plugin of contrib-ads' manual does. */
export const playByVideojs = (
  video: HTMLVideoElement,
  ads: VideojsAds,
  listen: (player: ContribAdsPlayer) => void,
) => {
  const player = videojs(video, {})
  player.ads({ stitchedAds: ads === 'stitched', timeout: 500, prerollTimeout: 500, liveCuePoints: false })
  listen(player)

  const showAds = (count: number) => {
    player.src(AD)
    player.one('adplaying', () => player.trigger('ads-ad-started'))
    player.one('adended', () => {
      if (count > 1) showAds(count - 1)
      else player.ads.endLinearAdMode()
    })
  }
  const showApart = () => {
    setTimeout(() => player.trigger('ads-ad-started'), 100)
    setTimeout(() => player.trigger('ads-midpoint'), 300)
    setTimeout(() => player.trigger('ads-click'), 350)
    setTimeout(() => player.trigger('ads-ad-ended'), 500)
    setTimeout(() => player.ads.endLinearAdMode(), 520)
  }
  const show = () => {
    player.ads.startLinearAdMode()
    if (ads === 'apart') return showApart()
    if (ads === 'stitched') {
      player.trigger('ads-ad-started')
      return setTimeout(() => {
        player.trigger('ads-ad-ended')
        player.ads.endLinearAdMode()
      }, 500)
    }
    showAds(ads === 'pod' ? 2 : 1)
    if (ads === 'failing') player.one('adplaying', () => setTimeout(() => player.trigger('adserror'), 200))
    if (ads === 'skipped')
      player.one('adplaying', () =>
        setTimeout(() => {
          player.trigger('ads-ad-skipped')
          player.ads.endLinearAdMode()
        }, 200),
      )
  }

  const isPre = !['mid', 'post', 'stitched'].includes(ads)
  player.on('readyforpreroll', () => {
    if (ads === 'refused') player.trigger('adserror')
    else if (isPre && !/^late/.test(ads)) show()
  })
  player.trigger(isPre ? 'adsready' : 'nopreroll')
  player.on('readyforpostroll', () => {
    if (ads === 'post') show()
    else player.trigger('nopostroll')
  })
  if (ads === 'mid' || ads === 'stitched') {
    let shown = false
    player.on('timeupdate', () => {
      if (shown || player.ads.isInAdMode() || (player.currentTime() ?? 0) < 1) return
      shown = true
      show()
    })
  }
  player.src(ads === 'post' ? SHORT_CONTENT : CONTENT)
  // The element's own controls, or a phone's, reach past video.js: the content plays for a moment.
  if (ads === 'lateAfterPlaying') video.addEventListener('canplay', () => void video.play(), { once: true })
  else void player.play()
}
