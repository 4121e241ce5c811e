import type { AdSignals } from '../../../packages/player-sdk/src/engine.ts'

/** Where the ad stands in the stream, s: its third segment. A frame early, so that it is told when it comes. */
const AD = { from: 3.95, to: 5.95 }

/** Tells of an ad that a server put into the stream, as a host does that has its schedule and looks at each frame. */
export const tellStitched = (video: HTMLVideoElement, ads: AdSignals) => {
  let told = -1
  const look: VideoFrameRequestCallback = (_, { mediaTime }) => {
    video.requestVideoFrameCallback(look)
    const isAd = mediaTime >= AD.from && mediaTime < AD.to
    const quartile = isAd ? Math.floor(((mediaTime - AD.from) / (AD.to - AD.from)) * 4) : 4
    if (quartile === told || (told < 0 && !isAd)) return
    if (told < 0) {
      ads.breakStart({ break_id: 'break-1', ads_planned: 1, inElement: true })
      ads.start({ ad_id: 'ad-1', pod_index: 1, duration_ms: (AD.to - AD.from) * 1000 })
    } else if (isAd) ads.quartile(quartile as 1 | 2 | 3)
    else {
      ads.end('completed')
      ads.breakEnd()
    }
    told = quartile
  }
  video.requestVideoFrameCallback(look)
}
