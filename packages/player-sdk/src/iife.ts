import { browserClock } from './clock.ts'
import type { Tracker, TrackOptions } from './options.ts'
import { safely } from './safely.ts'
import { trackVideo } from './trackVideo.ts'

/** A call that a page made before this script was there: when, by `performance.now()`, which, with what. */
type Call = [at: number, method: string, args: unknown[]]

/** What the snippet of the README leaves behind: trackers that only note what they are asked; the first call made them. */
interface Early {
  q?: [tracker: Tracker, calls: Call[]][]
}

const { endpoint, key } = (document.currentScript || { dataset: {} as DOMStringMap }).dataset

/** Makes up for the calls noted before, in their order and each at its time, and lets the trackers work from then on. */
const replay = ({ q = [] }: Early) => {
  const now = performance.now()
  for (const [noted, calls] of q)
    for (const [at, method, args] of calls) {
      browserClock.lag = now - at
      if (method === 'trackVideo') {
        const tracker = trackVideo(...(args as [HTMLVideoElement, TrackOptions]))
        Object.defineProperties(noted, Object.getOwnPropertyDescriptors(tracker))
      } else (noted as unknown as Record<string, (...args: unknown[]) => void>)[method]!(...args)
    }
}

const attach = () => {
  for (const video of document.querySelectorAll<HTMLVideoElement>('[data-viewbeat-content]'))
    trackVideo(video, {
      endpoint: endpoint as string,
      key: key as string,
      content: { id: video.dataset.viewbeatContent as string },
    })
}

/**
 * The script tag's entry: defines `viewbeat.trackVideo`, and where the tag carries `data-endpoint` and `data-key`,
 * tracks every `<video data-viewbeat-content="…">` (or element like it) that the page holds once it is parsed. Included
 * twice, it is there once. The scripts of adapters put theirs beside it, before it or after.
 */
const page = window as { viewbeat?: Early & { trackVideo?: typeof trackVideo } }
const own = page.viewbeat || {}
if (!own.trackVideo || own.q) {
  safely(replay)(own)
  browserClock.lag = 0
  delete own.q
  own.trackVideo = trackVideo
  page.viewbeat = own
  if (endpoint && key) {
    if (document.readyState === 'loading')
      document.addEventListener('DOMContentLoaded', attach, { once: true })
    else attach()
  }
}
