import { trackVideo } from '@viewbeat/player-sdk'
import { hlsCmcd } from '@viewbeat/player-sdk/cmcd'
import { hls } from '@viewbeat/player-sdk/hls'
import Hls from 'hls.js'

const video = document.querySelector('video')
// CMCD is optional: with it, the logs of your CDN name the view of each request.
const player = new Hls({ cmcd: {} })

trackVideo(video, {
  endpoint: '/v1/events',
  key: 'pk_demo',
  content: { id: 'ep-106' },
  engine: hls(player),
  onView: hlsCmcd(player),
})

player.loadSource('/sample/hls/master.m3u8')
player.attachMedia(video)
