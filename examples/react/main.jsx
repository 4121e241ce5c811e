import { useViewbeat } from '@viewbeat/player-sdk/react'
import { StrictMode, useRef } from 'react'
import { createRoot } from 'react-dom/client'

const Player = ({ id, src }) => {
  const video = useRef(null)
  useViewbeat(video, { endpoint: '/v1/events', key: 'pk_demo', content: { id } })
  return <video ref={video} src={src} controls muted />
}

createRoot(document.querySelector('main')).render(
  <StrictMode>
    <Player id="ep-104" src="/sample/sample.mp4" />
  </StrictMode>,
)
