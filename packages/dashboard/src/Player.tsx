import { type CapturedEvent, trackVideo } from '@viewbeat/player-sdk'
import { hls } from '@viewbeat/player-sdk/hls'
import Hls from 'hls.js'
import { useEffect, useRef } from 'preact/hooks'

/** Little, and nothing behind, so that a stalled network is a stalled picture within seconds, in a replay too. */
const BUFFER_SECONDS = 4

/** The sample video, tracked as a publisher would do it; events leave within a second, so that there is much to see. */
export const Player = ({ onEvent }: { onEvent: (event: CapturedEvent) => void }) => {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const element = video.current
    if (!element) return
    let player: Hls | undefined
    if (Hls.isSupported()) {
      player = new Hls({
        maxBufferLength: BUFFER_SECONDS,
        maxMaxBufferLength: BUFFER_SECONDS,
        backBufferLength: 0,
      })
      player.loadSource('/sample/hls/master.m3u8')
      player.attachMedia(element)
    } else element.src = '/sample/sample.mp4'
    const tracker = trackVideo(element, {
      endpoint: '/v1/events',
      key: 'pk_demo',
      content: { id: 'sample' },
      ...(player && { engine: hls(player) }),
      maxAgeMs: 1000,
      onEvent,
    })
    return () => {
      tracker.stop()
      player?.destroy()
    }
  }, [])
  // biome-ignore lint/a11y/useMediaCaption: a test pattern with a tone has nothing to caption
  return <video ref={video} controls playsInline />
}
