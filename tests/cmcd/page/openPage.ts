import type { MediaPlayer } from '../../../packages/player-sdk/node_modules/dashjs/index.d.ts'
import type HlsJs from '../../../packages/player-sdk/node_modules/hls.js/dist/hls.d.ts'
import type Shaka from '../../../packages/player-sdk/node_modules/shaka-player/dist/shaka-player.compiled.d.ts'
import { dashCmcd, hlsCmcd, shakaCmcd } from '../../../packages/player-sdk/src/cmcd/index.ts'
import { trackVideo } from '../../../packages/player-sdk/src/trackVideo.ts'

declare const Hls: typeof HlsJs | undefined
declare const dashjs: { MediaPlayer: typeof MediaPlayer } | undefined
declare const shaka: typeof Shaka

/** What dash.js 5.2 takes for it, whatever its typings say. */
const HEADERS = 'headers' as 'header'

const video = document.querySelector('video')!

/** What differs between the players of a page. */
const openPlayer = async (options: { headers?: boolean; fetch?: boolean }) => {
  if (typeof Hls !== 'undefined') {
    const hls = new Hls({
      maxBufferLength: 4,
      maxMaxBufferLength: 4,
      cmcd: { useHeaders: !!options.headers },
      ...(options.fetch && { progressive: true }),
    })
    return {
      instance: hls,
      tell: hlsCmcd(hls),
      load(url: string) {
        hls.loadSource(`${url}.m3u8`)
        if (!hls.media) hls.attachMedia(video)
      },
    }
  }
  if (typeof dashjs !== 'undefined') {
    const player = dashjs.MediaPlayer().create()
    player.initialize(video, undefined, true)
    player.updateSettings({
      streaming: {
        buffer: { bufferTimeDefault: 4, bufferTimeAtTopQuality: 4, bufferTimeAtTopQualityLongForm: 4 },
        ...(options.headers && { cmcd: { enabled: true, mode: HEADERS } }),
      },
    })
    return {
      instance: player,
      tell: dashCmcd(player),
      load: (url: string) => player.attachSource(`${url.replace(/master$/, 'manifest')}.mpd`),
    }
  }
  const player = new shaka.Player()
  await player.attach(video)
  player.configure({
    streaming: { bufferingGoal: 4, rebufferingGoal: 1 },
    ...(options.headers && { cmcd: { enabled: true, useHeaders: true } }),
  })
  return {
    instance: player,
    tell: shakaCmcd(player),
    load: (url: string) => void player.load(`${url}.m3u8`),
  }
}

/** What the test does with the page. */
const createPage = () => {
  let player: Awaited<ReturnType<typeof openPlayer>>
  let tracker: ReturnType<typeof trackVideo>
  let seconds = 0
  return {
    async open(contentId: string, options: { headers?: boolean; fetch?: boolean } = {}) {
      player = await openPlayer(options)
      tracker = trackVideo(video, {
        endpoint: '/v1/events',
        key: 'pk_demo',
        content: { id: contentId },
        onView: player.tell,
      })
      return tracker.viewId
    },
    load(url: string) {
      player.load(url)
      void video.play().catch(() => {})
    },
    setContent(id: string) {
      tracker.setContent({ id })
      return tracker.viewId
    },
    /** Says the next content before its source is loaded, or right after. */
    setContentAndLoad(when: 'before' | 'after', url: string) {
      if (when === 'after') this.load(url)
      const viewId = this.setContent(when)
      if (when === 'before') this.load(url)
      return viewId
    },
    /** Goes where nothing is buffered. */
    seekOn() {
      seconds += 12
      video.currentTime = seconds
    },
    stop: () => tracker.stop(),
  }
}

/** The page, as a test calls it. */
export type CmcdPage = ReturnType<typeof createPage>

Object.assign(window, { cmcdPage: createPage() })
