import { listen } from './listen.ts'

/**
 * Watches the page come and go. No `unload` and no `beforeunload`: both keep pages out of the back/forward cache.
 * https://web.dev/articles/bfcache
 */
export const observePage = (on: {
  hidden: () => void
  shown: () => void
  /** The page goes; `frozen`: into the back/forward cache, from which it may return. */
  leave: (frozen: boolean) => void
  returned: () => void
}) => {
  const stopDocument = listen(document, {
    visibilitychange: () => (document.visibilityState === 'hidden' ? on.hidden() : on.shown()),
  })
  const stopWindow = listen(window, {
    pagehide: (event) => on.leave((event as PageTransitionEvent).persisted),
    pageshow: (event) => {
      if ((event as PageTransitionEvent).persisted) on.returned()
    },
  })
  return () => {
    stopDocument()
    stopWindow()
  }
}
