import type { AdSignals, AdSource } from '../engine.ts'
import { safely } from '../safely.ts'
import { createQuartiles } from './createQuartiles.ts'

interface Interstitial {
  identifier: string
  startOffset: number
  cue: { pre: boolean; post: boolean }
  appendInPlace: boolean
  assetList: unknown[]
}
interface Asset {
  identifier: string
  duration: number | null
  error?: Error | undefined
}
interface AssetPlayer {
  media?: HTMLMediaElement | null
  currentTime: number
  duration: number
}
interface Failure {
  type: string
  details: string
  error?: Error | undefined
  response?: { code?: number } | undefined
  networkDetails?: { status?: number } | null
}

/** What is used of an `Hls` of hls.js 1.6 or newer. */
export interface HlsWithInterstitials {
  readonly media: HTMLMediaElement | null
  readonly interstitialsManager?: { playerQueue: AssetPlayer[] } | null
  on(event: never, listener: never): void
  off(event: never, listener: never): void
}

/** What an asset that was skipped has at least left to play, s: its time is looked at four times a second. */
const SKIPPED_S = 0.5

/** https://html.spec.whatwg.org/multipage/media.html#ready-states: with no more, nothing moves. */
const HAVE_CURRENT_DATA = 2

const ms = (seconds: number) => Math.round(seconds * 1000)

const describeFailure = ({ type, details, error, response, networkDetails }: Failure) => ({
  code: details,
  message: error?.message || undefined,
  http_status: response?.code || networkDetails?.status || undefined,
  engine_code: type,
})

/** Follows one asset from when hls.js turns to it until it leaves. */
const followAsset = (
  asset: Asset,
  place: { index: number; isInPlace: boolean },
  player: AssetPlayer,
  video: HTMLVideoElement | null,
  signals: AdSignals,
  now: () => number,
) => {
  /** From when on the screen waits for it: not before somebody wants to see it. */
  let dueAt = video?.paused ? undefined : now()
  const quartiles = createQuartiles(signals)
  let isOnScreen = false
  let played = 0
  let frame = 0

  const start = (load_ms?: number) => {
    if (isOnScreen) return
    isOnScreen = true
    const duration = player.duration || asset.duration
    signals.start({
      ad_id: asset.identifier,
      pod_index: place.index + 1,
      duration_ms: duration ? ms(duration) : undefined,
      load_ms,
    })
  }
  const shown = safely(() => start(Math.round(now() - dueAt!)))
  const asked = () => {
    dueAt ??= now()
  }
  // hls.js says that an asset starts when it turns to it; its first frame comes when the element has it.
  const playing = safely(() => {
    asked()
    if (isOnScreen || frame) return
    if (video?.requestVideoFrameCallback) frame = video.requestVideoFrameCallback(shown)
    else shown()
  })
  const look = safely(() => {
    // Hidden pages are told of no frames.
    if (frame && player.currentTime > 0) shown()
    if (!isOnScreen || video?.seeking) return
    played = player.currentTime
    if (player.duration) quartiles(played / player.duration)
  })
  const stop = () => {
    video?.removeEventListener('play', asked)
    video?.removeEventListener('playing', playing)
    video?.removeEventListener('timeupdate', look)
    if (frame) video?.cancelVideoFrameCallback(frame)
  }
  // What is in the content's own buffer follows on it, unless the screen waits.
  if (place.isInPlace && (!video || (!video.paused && video.readyState > HAVE_CURRENT_DATA))) start()
  video?.addEventListener('play', asked)
  video?.addEventListener('playing', playing)
  video?.addEventListener('timeupdate', look)

  return {
    asset,
    /** It leaves the screen. */
    leave() {
      stop()
      look()
      if (!isOnScreen) return
      const isSkipped = player.duration - played > SKIPPED_S
      if (!isSkipped) quartiles(1)
      signals.end(isSkipped ? 'skipped' : 'completed')
    },
    /** It will not be told of any more. */
    stop,
  }
}

/**
 * Tells of the interstitials (`EXT-X-DATERANGE` of class `com.apple.hls.interstitial`) that an hls.js instance plays in the
 * tracked element, each as a break, and its assets as ads: `trackVideo(video, { …, ads: ads(hlsInterstitials(hls)) })`.
 */
export const hlsInterstitials = (
  hls: HlsWithInterstitials,
  now: () => number = () => performance.now(),
): AdSource => ({
  connect(signals) {
    // While an ad has the element, hls.js itself has none.
    let media =
      hls.media || hls.interstitialsManager?.playerQueue.find((player) => player.media)?.media || null
    let open: Interstitial | undefined
    /** Its break is not told of before somebody plays. */
    let cancelWait: (() => void) | undefined
    let current: ReturnType<typeof followAsset> | undefined
    let failing: { asset: Asset; failure: Failure } | undefined

    /** An error ends an asset only if hls.js has marked the asset by now, or goes on to the next; it goes on after others. */
    const settle = (isOver?: boolean) => {
      if (failing && (isOver || failing.asset.error)) {
        signals.error(describeFailure(failing.failure))
        if (current?.asset === failing.asset) {
          current.stop()
          current = undefined
        }
      }
      failing = undefined
    }
    const close = () => {
      settle()
      current?.stop()
      current = undefined
      if (open && !cancelWait) signals.breakEnd()
      cancelWait?.()
      open = undefined
    }
    const begin = (event: Interstitial) => {
      if (open === event) return
      close()
      open = event
      const { pre, post } = event.cue
      const position = pre || event.startOffset <= 0 ? 'pre' : post ? 'post' : 'mid'
      const start = safely(() => {
        cancelWait?.()
        signals.breakStart({
          break_id: event.identifier,
          position,
          ads_planned: event.assetList.length || undefined,
          insertion: 'client',
          inElement: true,
        })
      })
      if (position !== 'pre' || !media?.paused || media.ended) return start()
      // hls.js turns to it when it has loaded; the view begins when somebody plays.
      const waitingIn = media
      waitingIn.addEventListener('play', start)
      cancelWait = () => {
        waitingIn.removeEventListener('play', start)
        cancelWait = undefined
      }
    }

    const handlers: Record<string, (data: never) => void> = {
      // Not `hlsMediaAttached`, which waits for the source to open: an ad before the content may come first.
      hlsMediaAttaching(data: { media: HTMLMediaElement }) {
        media = data.media
      },
      hlsInterstitialStarted: ({ event }: { event: Interstitial }) => begin(event),
      hlsInterstitialAssetStarted(data: {
        event: Interstitial
        asset: Asset
        assetListIndex: number
        player: AssetPlayer
      }) {
        settle(failing?.asset === current?.asset)
        current?.stop()
        begin(data.event)
        const place = { index: data.assetListIndex, isInPlace: data.event.appendInPlace }
        current = followAsset(data.asset, place, data.player, media as HTMLVideoElement | null, signals, now)
      },
      hlsInterstitialAssetEnded() {
        settle()
        current?.leave()
        current = undefined
      },
      hlsInterstitialAssetError(data: Failure & { asset: Asset | null }) {
        settle()
        if (!data.asset) return signals.error(describeFailure(data))
        failing = { asset: data.asset, failure: data }
        void Promise.resolve().then(safely(() => settle()))
      },
      hlsError(data: Failure & { interstitial?: Interstitial }) {
        if (/^assetList/.test(data.details)) signals.error(describeFailure(data))
      },
      hlsInterstitialEnded: close,
      hlsInterstitialsPrimaryResumed: close,
      // Another source, or none any more: of the break nothing else is told.
      hlsManifestLoading: close,
      hlsDestroying: close,
    }
    const listeners = Object.entries(handlers).map(
      ([name, handler]) => [name, safely((_name: string, data: never) => handler(data))] as const,
    )
    for (const [name, listener] of listeners) hls.on(name as never, listener as never)
    return () => {
      for (const [name, listener] of listeners) hls.off(name as never, listener as never)
      close()
    }
  },
})
