import type { Content } from '@viewbeat/schema'
import { browserClock } from './clock.ts'
import { createView } from './createView.ts'
import { ulid } from './identity/ulid.ts'
import { observePage } from './observe/observePage.ts'
import { isUnderWay, observeVideo } from './observe/observeVideo.ts'
import { probeVideo } from './observe/probeVideo.ts'
import type { Tracker, TrackOptions } from './options.ts'
import { attempt, safely } from './safely.ts'
import { createTransport } from './transport/createTransport.ts'
import { beacon, post } from './transport/post.ts'

/** Ties the views of one page lifetime together; in memory only. */
let visitId: string | undefined

/** What a server gets, where there is no page: a tracker that does nothing. */
const inert: Tracker = { viewId: '', setContent() {}, track() {}, flush: async () => {}, stop() {} }

/**
 * Tracks a `<video>`: what happens in it becomes events, events become batches, and batches reach the ingest or are
 * counted as lost. On a server (no `document`), or given no video, it does nothing.
 */
export const trackVideo = (video: HTMLVideoElement, options: TrackOptions): Tracker =>
  typeof document === 'undefined' ? inert : attempt(() => track(video, options), inert)

const track = (video: HTMLVideoElement, options: TrackOptions): Tracker => {
  const { endpoint, key, content, player = { name: 'html5' }, maxAgeMs, onEvent } = options
  const url = `${endpoint}?key=${encodeURIComponent(key)}`
  const clock = browserClock

  const transport = createTransport({
    clock,
    random: Math.random,
    post: (body) => post(url, body),
    beacon: (body) => beacon(url, body),
  })

  const openView = (of: Content, attachedLate = false) => {
    visitId ??= ulid(clock.epoch())
    return createView({
      viewId: ulid(clock.epoch()),
      visitId,
      content: of,
      start: Object.assign(
        { autoplay: video.autoplay },
        video.preload && { preload: video.preload },
        attachedLate && { attached_late: true },
      ),
      clock,
      probes: probeVideo(video, player),
      maxAgeMs,
      // Later, so that whatever the host does with it finds the tracker between two events.
      onEvent: (event) => void Promise.resolve().then(safely(() => onEvent?.(event))),
      onBatch: (batch, reason) => {
        transport.enqueue(batch)
        if (reason !== 'hidden' && reason !== 'pagehide') transport.pump()
      },
    })
  }

  let watching = content
  let view = openView(watching, isUnderWay(video))
  let stopped = false
  /** The view was opened by `setContent`; the source that goes with it may be set a moment later. */
  let awaitsSource = false

  const nextView = () => {
    view.close('source_change')
    view = openView(watching)
  }
  const isUntouched = () => !view.playback.requested && view.playback.state !== 'failed'
  const setContent = (next: Content) => {
    if (stopped || !next?.id) return
    // A copy of JSON, so that content that is none throws here, before the view is closed.
    watching = JSON.parse(JSON.stringify(next))
    if (isUntouched()) return view.describe(watching)
    nextView()
    awaitsSource = true
    clock.setTimer(observed.catchUp, 0)
  }
  const sourceChanged = () => {
    if (view.playback.started || !(isUntouched() || awaitsSource)) nextView()
    awaitsSource = false
  }

  const observed = observeVideo(video, clock, () => view, sourceChanged)
  const stopPage = observePage({
    hidden: () => {
      view.record({ type: 'visibility_change', visible: false, cause: 'tab' })
      view.flush('hidden')
      // Also what waited before: on a phone a hidden page may be gone without another word.
      transport.sendAll()
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
    setContent: safely(setContent),
    track: safely((name, value) =>
      view.record(Object.assign({ type: 'custom', name } as const, value !== undefined && { value })),
    ),
    flush: async () => {
      safely(view.flush)('manual')
      transport.sendAll()
      await transport.settled()
    },
    stop: safely(() => {
      stopped = true
      observed.stop()
      view.close('stopped')
      // Until the last batch is delivered the page may still go, and it must not go without it.
      void transport.drained().then(stopPage)
    }),
  }
}
