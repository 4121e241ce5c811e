import { type RefObject, useEffect, useRef } from 'react'
import { type Consent, type Tracker, type TrackOptions, trackVideo } from '../index.ts'

type Content = TrackOptions['content']

/** Whether two descriptions say the same: a component makes a new object each time it renders. */
const isSame = (one: Content, other: Content) =>
  Object.keys({ ...one, ...other }).every(
    (key) => one[key as keyof Content] === other?.[key as keyof Content],
  )

/**
 * Tracks the `<video>` of a ref for as long as the component lives. A new `content` or `consent` goes to the tracker
 * that is there; what else is in `options` counts when the component mounts. A component that is taken out and put back
 * at once, as StrictMode does, goes on with the view it had. Answers a ref to the tracker; null before the first effect.
 */
export const useViewbeat = (video: RefObject<HTMLVideoElement | null>, options: TrackOptions) => {
  const tracker = useRef<Tracker | null>(null)
  const tracked = useRef<HTMLVideoElement | null>(null)
  const stopping = useRef<ReturnType<typeof setTimeout>>(undefined)
  const said = useRef<Pick<TrackOptions, 'content' | 'consent'>>(options)

  // After each render, because that is when a ref may hold another element; what is the same already costs nothing.
  useEffect(() => {
    clearTimeout(stopping.current)
    const { content, consent } = options
    const element = content ? video.current : null
    if (element !== tracked.current) {
      tracker.current?.stop()
      tracker.current = element && trackVideo(element, options)
      tracked.current = element
    } else {
      if (consent && consent !== said.current.consent) tracker.current?.setConsent(consent)
      if (content && !isSame(content, said.current.content)) tracker.current?.setContent(content)
    }
    said.current = { content, consent: consent as Consent }
    return () => {
      stopping.current = setTimeout(() => {
        tracker.current?.stop()
        tracker.current = tracked.current = null
      })
    }
  })

  return tracker
}
