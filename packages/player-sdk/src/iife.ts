import { trackVideo } from './trackVideo.ts'

/**
 * The script tag's entry: defines `viewbeat.trackVideo`, and where the tag carries `data-endpoint` and `data-key`,
 * tracks every `<video data-viewbeat-content="…">` that the page holds once it is parsed.
 */
const { endpoint, key } = document.currentScript?.dataset ?? {}

const attach = () => {
  for (const video of document.querySelectorAll<HTMLVideoElement>('video[data-viewbeat-content]'))
    trackVideo(video, {
      endpoint: endpoint as string,
      key: key as string,
      content: { id: video.dataset.viewbeatContent as string },
    })
}

if (endpoint && key) {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', attach, { once: true })
  else attach()
}

export { trackVideo }
