import { trackVideo } from '@viewbeat/player-sdk'
import { ads } from '@viewbeat/player-sdk/ads'

const video = document.querySelector('video')
const tracker = trackVideo(video, {
  endpoint: '/v1/events',
  key: 'pk_demo',
  content: { id: 'ep-107' },
  ads: ads(),
})

// The server has put an ad into the first four seconds of the stream.
video.addEventListener('play', () => tracker.ads.breakStart({ position: 'pre', inElement: true }), {
  once: true,
})
const follow = () => {
  if (video.currentTime < 4) return
  tracker.ads.end()
  tracker.ads.breakEnd()
  video.removeEventListener('timeupdate', follow)
}
video.addEventListener('playing', () => tracker.ads.start({ ad_id: 'spring', duration_ms: 4000 }), {
  once: true,
})
video.addEventListener('timeupdate', follow)
