import type { Content } from '@viewbeat/schema'
import { browserClock } from './clock.ts'
import { observePage } from './observe/observePage.ts'
import { isUnderWay, observeVideo } from './observe/observeVideo.ts'
import { probeVideo } from './observe/probeVideo.ts'
import type { Tracker, TrackOptions } from './options.ts'
import { safely } from './safely.ts'
import { createTransport } from './transport/createTransport.ts'
import { beacon, post } from './transport/post.ts'
import { createView } from './view/createView.ts'
import { ulid } from './view/ulid.ts'

/** Ties the views of one page lifetime together; in memory only. */
let visitId: string | undefined

/** What a server gets, where there is no page: a tracker that does nothing. */
const inert: Tracker = { viewId: '', setContent() {}, track() {}, flush: async () => {}, stop() {} }

/**
 * Tracks a `<video>`: what happens in it becomes events, events become batches, and batches reach the ingest or are
 * counted as lost. On a server (no `document`) it does nothing.
 */
export const trackVideo = (video: HTMLVideoElement, options: TrackOptions): Tracker => {
  if (typeof document === 'undefined') return inert
  const { endpoint, key, content, player = { name: 'html5' }, maxAgeMs, onEvent } = options
  const url = `${endpoint}?key=${encodeURIComponent(key)}`
  const clock = browserClock

  const transport = createTransport({
    clock,
    random: Math.random,
    post: (body) => post(url, body),
    beacon: (body) => beacon(url, body),
  })

  const openView = (of: Content) => {
    visitId ??= ulid(clock.epoch())
    return createView({
      viewId: ulid(clock.epoch()),
      visitId,
      content: of,
      start: Object.assign(
        { autoplay: video.autoplay },
        video.preload && { preload: video.preload },
        isUnderWay(video) && { attached_late: true },
      ),
      clock,
      probes: probeVideo(video, player),
      maxAgeMs,
      onEvent: safely((event) => onEvent?.(event)),
      onBatch: (batch, reason) => {
        transport.enqueue(batch)
        if (reason === 'pagehide') transport.leave()
        else if (reason === 'hidden') transport.sendAll()
        else transport.pump()
      },
    })
  }

  let watching = content
  let view = openView(watching)
  let stopped = false
  const change = (next: Content) => {
    if (stopped) return
    watching = next
    if (!view.playback.requested) return view.describe(next)
    view.close('source_change')
    view = openView(next)
  }

  const stopVideo = observeVideo(
    video,
    clock,
    () => view,
    () => change(watching),
  )
  const stopPage = observePage({
    hidden: () => {
      view.record({ type: 'visibility_change', visible: false, cause: 'tab' })
      view.flush('hidden')
    },
    shown: () => view.record({ type: 'visibility_change', visible: true, cause: 'tab' }),
    leave: (frozen) => {
      if (frozen) view.freeze()
      else view.close('unload', 'pagehide')
      transport.leave()
    },
    returned: () => {
      view.thaw()
      transport.returned()
    },
  })

  return {
    get viewId() {
      return view.viewId
    },
    setContent: safely((next) => {
      if (next?.id) change(next)
    }),
    track: safely((name, value) =>
      view.record(Object.assign({ type: 'custom', name } as const, value !== undefined && { value })),
    ),
    flush: async () => {
      safely(view.flush)('manual')
      transport.pump()
      await transport.settled()
    },
    stop: safely(() => {
      stopped = true
      stopVideo()
      view.close('stopped')
      // Until the last batch is delivered the page may still go, and it must not go without it.
      void transport.drained().then(stopPage)
    }),
  }
}
