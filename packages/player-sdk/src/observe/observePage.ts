import { listen } from './listen.ts'

/** Whether the page is to be seen. */
export const isVisible = () => document.visibilityState === 'visible'

/**
 * Watches the page come and go. No `unload` and no `beforeunload`: both keep pages out of the back/forward cache.
 * https://web.dev/articles/bfcache https://developer.chrome.com/docs/web-platform/page-lifecycle-api
 */
export const observePage = (on: {
  hidden: () => void
  shown: () => void
  /** The page is about to go, and other listeners may still cause events. */
  going: () => void
  /** The page goes for good. */
  gone: () => void
  /** The page is stopped; it goes on later, or is thrown away without another word. */
  frozen: (cause: 'bfcache' | 'freeze') => void
  thawed: () => void
  /** There is a network again. */
  online: () => void
}) => {
  let isHidden = !isVisible()
  let go: (() => void) | undefined
  const thawed = () => {
    go = undefined
    on.thawed()
  }
  const stopDocument = listen(document, {
    visibilitychange: () => {
      if (!isVisible()) {
        if (go) return go()
        isHidden = true
        on.hidden()
      } else if (isHidden) {
        isHidden = false
        on.shown()
      }
    },
    freeze: () => on.frozen('freeze'),
    resume: thawed,
  })
  const stopWindow = listen(window, {
    pagehide: (event) => {
      go = (event as PageTransitionEvent).persisted ? () => on.frozen('bfcache') : on.gone
      // Listeners of `pagehide` that come after this one may cause events; a visible page is hidden after them all.
      // https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document
      if (isVisible()) on.going()
      else go()
    },
    pageshow: (event) => {
      if ((event as PageTransitionEvent).persisted) thawed()
    },
    online: on.online,
  })
  return () => {
    stopDocument()
    stopWindow()
  }
}
