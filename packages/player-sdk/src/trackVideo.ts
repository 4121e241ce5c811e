import type { Content } from '@viewbeat/schema'
import { browserClock } from './clock.ts'
import { createView } from './createView.ts'
import type { EngineReading, PlayerError } from './engine.ts'
import { ulid } from './identity/ulid.ts'
import { observeEngine } from './observe/observeEngine.ts'
import { isVisible, observePage } from './observe/observePage.ts'
import { observeSize } from './observe/observeSize.ts'
import { isUnderWay, observeVideo } from './observe/observeVideo.ts'
import { probeVideo } from './observe/probeVideo.ts'
import type { Consent, Tracker, TrackOptions } from './options.ts'
import { attempt, guard, safely } from './safely.ts'
import { scrub } from './scrub.ts'
import { createStore } from './storage/createStore.ts'
import { createTransport, type Transport } from './transport/createTransport.ts'
import { createNetwork, type Network } from './transport/network.ts'

/** Ties the views of one page lifetime together, and names the page's place in the storage. */
let visitId: string | undefined

/** Nothing was tracked in this page yet. */
let isFirst = true

/** One for each endpoint and key: trackers of a page share what is under way, and what the ingest said. */
const transports: Record<string, Transport> = {}

/** A player that is given another source sets it within so long, ms: video.js takes a task for it. */
const SOURCE_WITHIN_MS = 50

/** After so long what the element shows is of the view, whether a new source came or not, ms. */
const STALE_MS = 1000

/** What a server gets, where there is no page, and who turned the SDK off: a tracker that does nothing. */
const inert = (options: TrackOptions): Tracker => ({
  viewId: '',
  setContent() {},
  setConsent() {},
  track() {},
  error() {},
  // Attached to no view, they have nothing to tell it to.
  ads: attempt(() => guard(options.ads!.signals)),
  flush: async () => {},
  stop() {},
})

/**
 * Tracks a `<video>`: what happens in it becomes events, events become batches, and batches reach the ingest or are
 * counted as lost. On a server (no `document`), or given no video, it does nothing.
 */
export const trackVideo = (video: HTMLVideoElement, options: TrackOptions): Tracker =>
  (typeof document !== 'undefined' && attempt(() => track(video, options))) || inert(options)

const track = (video: HTMLVideoElement, options: TrackOptions): Tracker | undefined => {
  if (options.enabled === false) return
  const { transport: ways, sampleRate: sample_rate, onEvent, ads } = options
  const address = `${options.endpoint}?key=${encodeURIComponent(options.key)}`
  const clock = browserClock
  visitId ||= ulid(clock.epoch())
  const page = visitId
  const gpc = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl || undefined
  const isPrivate = !!gpc && options.honorGpc !== false

  const openTransport = (ways: Network) =>
    createTransport({
      address,
      clock,
      chance: Math.random,
      ways,
      store: createStore(address, page, clock.epoch),
      mayStore: !isPrivate,
    })
  const name = `${address} ${isPrivate}`
  if (!ways) transports[name] ||= openTransport(createNetwork())
  const transport = ways ? openTransport(ways) : transports[name]!
  const setConsent = (said: Consent) => {
    // A word that is not ours is no consent.
    const choice = said === 'granted' || said === 'pending' ? said : 'denied'
    transport.setConsent(choice, choice === 'denied' && options.whenDenied !== 'anonymous')
  }
  // A tracker that comes later does not take back what the viewer has chosen meanwhile.
  if (options.consent && !(options.consent === 'pending' && transport.consent)) setConsent(options.consent)

  // Copies of JSON: what is none throws here, before anything is captured, and not when a batch is made of it.
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value))
  const player = copy(
    Object.assign(
      { name: 'html5' },
      attempt(() => options.engine?.player),
      options.player,
    ),
  )
  let watching = copy(options.content)

  /** What the browser says of the page's load, for the first view of a page that somebody sees. */
  const pageLoad = () => {
    const [loaded] = isFirst && isVisible() ? performance.getEntriesByType('navigation') : []
    isFirst = false
    return (
      Math.round((loaded as PerformanceNavigationTiming | undefined)?.domContentLoadedEventEnd || 0) ||
      undefined
    )
  }
  let isLive = false
  const readEngine = (): EngineReading => {
    const reading = (options.engine && attempt(() => options.engine!.read())) || {}
    isLive = !!reading.live
    return reading
  }
  let engine: ReturnType<typeof observeEngine> | undefined

  /** Until then the element shows what the view before showed: where that stands says nothing of this one. */
  let staleUntil = 0

  const openView = (of: Content, attachedLate?: true) => {
    const viewId = ulid(clock.epoch())
    attempt(() => options.onView?.(viewId, of.id))
    const isSampled = !(Math.random() >= sample_rate!)
    const view = createView({
      viewId,
      visitId: () => (isPrivate || transport.consent === 'denied' ? viewId : page),
      chosen: () => transport.consent,
      watching: of,
      opening: {
        autoplay: video.autoplay,
        preload: video.preload || undefined,
        page_load_ms: pageLoad(),
        attached_late: attachedLate,
      },
      clock,
      probes: probeVideo(
        video,
        readEngine,
        () => engine?.host(),
        () => clock.now() < staleUntil,
        { player, gpc, sample_rate },
      ),
      settings: options,
      // Later, so that whatever the host does with it finds the tracker between two events.
      onCapture: (event) => {
        // Totals leave at once, and what the browser was left before covers the rest until they are answered for.
        if (!('totals' in event)) transport.touch()
        if (onEvent)
          void Promise.resolve().then(
            safely(() => {
              onEvent(event)
            }),
          )
      },
      onBatch: (batch, reason) => {
        if (!isSampled) return
        if (options.debug)
          console.log('viewbeat', reason, JSON.parse(`[${batch.events}]`), 'lost', batch.lost)
        transport.enqueue(batch)
        if (reason !== 'hidden' && reason !== 'pagehide') transport.pump()
      },
    })
    view.setHidden(!isVisible())
    if (isSampled) transport.views.add(view)
    return view
  }

  let view = openView(watching, isUnderWay(video) || undefined)
  let stopped = false
  /** The view was opened by `setContent`; the source that goes with it may be set a moment later. */
  let awaitsSource = false

  const close = (...why: Parameters<typeof view.close>) => {
    attempt(() => ads?.close())
    view.close(...why)
    transport.views.delete(view)
  }
  let follows = false
  const nextView = () => {
    follows = view.playback.started
    close('source_change')
    staleUntil = video.readyState && clock.now() + STALE_MS
    view = openView(watching)
    size.again()
  }
  const isUntouched = () => !view.playback.requested && view.playback.state !== 'failed'
  const setContent = (next: Content) => {
    if (stopped || !next.id) return
    watching = copy(next)
    if (isUntouched()) {
      attempt(() => options.onView?.(view.viewId, watching.id))
      return view.describe(watching)
    }
    nextView()
    awaitsSource = true
    clock.setTimer(() => {
      if (awaitsSource && isUntouched()) observed.catchUp()
    }, SOURCE_WITHIN_MS)
  }
  const sourceChange = () => {
    if (view.playback.started || !(isUntouched() || awaitsSource)) nextView()
    awaitsSource = false
  }

  const tidy = (error: PlayerError): PlayerError =>
    Object.assign({}, error, {
      message: error.message && scrub(String(error.message)),
      business: error.business || attempt(() => options.isBusinessError?.(error)) || undefined,
    })
  const now = () => view
  const observed = observeVideo(video, clock, {
    view: now,
    isOutside: () => !!ads && ads.outside,
    isLive: () => isLive,
    isJump: () => engine!.isJump(),
    follows: () => follows,
    resize: (...size) => engine!.resize(...size),
    fresh: () => {
      staleUntil = 0
    },
    sourceChange,
  })
  const size = observeSize(video, clock, now)
  engine = observeEngine(options.engine, readEngine, video, clock, {
    view: now,
    sourceChange,
    autoplayBlocked: () => observed.blocked(),
    tidy,
  })
  const stopAds = attempt(() =>
    ads?.attach({
      view: () => view.playback,
      elapsed: () => view.elapsed(),
      tidy,
      guard,
      request: () => observed.request(),
      afterBreak: () => observed.afterBreak(),
    }),
  )
  const stopPage = observePage({
    hidden: () => {
      view.setHidden(true)
      view.record({ type: 'visibility_change', visible: false, cause: 'tab' })
      view.flush('hidden')
      // Also what waited before: on a phone a hidden page may be gone without another word.
      transport.sendAll()
    },
    shown: () => {
      view.setHidden(false)
      view.record({ type: 'visibility_change', visible: true, cause: 'tab' })
    },
    frozen: (cause) => {
      view.freeze(cause)
      transport.leave()
    },
    thawed: () => {
      view.thaw()
      transport.returned()
    },
    going: () => {
      // A second request, which a browser that sends what was left with it does not need.
      if ('fetchLater' in window) return
      view.flush('pagehide')
      transport.leave()
    },
    gone: () => {
      close('unload', 'pagehide')
      transport.leave()
    },
    online: transport.retry,
  })

  return {
    get viewId() {
      return view.viewId
    },
    setContent: safely(setContent),
    setConsent: safely(setConsent),
    error: safely((error) =>
      engine!.error(Object.assign({ severity: 'fatal', category: 'other' } as const, error)),
    ),
    ads: ads && guard(ads.signals),
    track: safely((name, value) => view.record({ type: 'custom', name, value })),
    flush: async () => {
      safely(view.flush)('manual')
      transport.sendAll()
      await transport.settled()
    },
    stop: safely(() => {
      stopped = true
      // First, because the end of a break has the content waited for.
      close('stopped')
      observed.stop()
      size.stop()
      engine!.stop()
      attempt(() => stopAds?.())
      attempt(() => options.onView?.())
      // Until the last batch is delivered the page may still go, and it must not go without it.
      transport.onceDrained(stopPage)
    }),
  }
}
