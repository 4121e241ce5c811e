import { type RefObject, useEffect, useRef } from 'react'
import { type Tracker, type TrackOptions, trackVideo } from '../index.ts'

/**
 * Tracks the `<video>` of a ref for as long as the component lives. A new `content` or `consent` goes to the tracker
 * that is there; what else is in `options` counts when the component mounts. A component that is taken out and put back
 * at once, as StrictMode does, goes on with the view it had. Answers a ref to the tracker; null before the first effect.
 */
export const useViewbeat = (video: RefObject<HTMLVideoElement | null>, options: TrackOptions) => {
  const tracker = useRef<Tracker | null>(null)
  const tracked = useRef<HTMLVideoElement | null>(null)
  const stopping = useRef<ReturnType<typeof setTimeout>>(undefined)
  const content = JSON.stringify(options.content)
  const said = useRef({ content, consent: options.consent })

  // biome-ignore lint/correctness/useExhaustiveDependencies: options other than content and consent count once
  useEffect(() => {
    clearTimeout(stopping.current)
    if (video.current !== tracked.current) {
      tracker.current?.stop()
      tracker.current = video.current && trackVideo(video.current, options)
      tracked.current = video.current
      said.current = { content, consent: options.consent }
    }
    return () => {
      stopping.current = setTimeout(() => {
        tracker.current?.stop()
        tracker.current = tracked.current = null
      })
    }
  }, [video])

  useEffect(() => {
    if (said.current.consent !== options.consent && options.consent)
      tracker.current?.setConsent(options.consent)
    if (said.current.content !== content) tracker.current?.setContent(JSON.parse(content))
    said.current = { content, consent: options.consent }
  }, [content, options.consent])

  return tracker
}
