import type { AdSignals, AdSource, PlayerError } from '../engine.ts'
import { safely } from '../safely.ts'

/** What is read of a `google.ima.Ad`. */
export interface ImaAd {
  isLinear(): boolean
  getAdId(): string
  getCreativeId(): string
  getUniversalAdIds(): { getAdIdValue(): string }[]
  getDuration(): number
  getSkipTimeOffset(): number
  getAdPodInfo(): {
    getAdPosition(): number
    getPodIndex(): number
    getTimeOffset(): number
    getTotalAds(): number
  }
}

/** What is read of a `google.ima.AdError`. */
export interface ImaError {
  getErrorCode(): number
  getType(): string
  getMessage(): string
}

/** What is read of a `google.ima.AdEvent` or a `google.ima.AdErrorEvent`. */
export interface ImaEvent {
  getAd?(): ImaAd | null
  getAdData?(): object | null
  getError?(): ImaError | null
}

/** A `google.ima.AdsLoader` or a `google.ima.AdsManager`, as far as it is listened to. */
export interface ImaTarget {
  addEventListener(type: string, listener: (event: ImaEvent) => void): void
  removeEventListener(type: string, listener: (event: ImaEvent) => void): void
  /** Only of a manager. */
  isCustomPlaybackUsed?(): boolean
}

/** What `ima(…)` answers. */
export interface ImaAds extends AdSource {
  /** Follows this ads manager from now on: call it with what `getAdsManager` answered, and before `start`. */
  use(adsManager?: ImaTarget): void
}

/** IMA's names of what is listened to: https://developers.google.com/interactive-media-ads/docs/sdks/html5/client-side/reference/js/google.ima.AdEvent */
type Handlers = Record<string, (event: ImaEvent) => void>

const listenTo = (target: ImaTarget, handlers: Handlers) => {
  const guarded = Object.entries(handlers).map(([type, handler]) => [type, safely(handler)] as const)
  for (const [type, handler] of guarded) target.addEventListener(type, handler)
  return () => {
    for (const [type, handler] of guarded) target.removeEventListener(type, handler)
  }
}

/** The error of an ad that was playing; the others are about ads that were still to come. */
const PLAY_ERROR = 'adPlayError'

const describeError = (error: ImaError | null | undefined): Partial<PlayerError> =>
  error
    ? { code: error.getType(), message: error.getMessage(), engine_code: String(error.getErrorCode()) }
    : {}

const describeBreak = (ad: ImaAd | null | undefined, manager: ImaTarget) => {
  const pod = ad?.getAdPodInfo()
  const [index = 0, offset = 0] = pod ? [pod.getPodIndex(), pod.getTimeOffset()] : []
  // 0 stands both for a pre-roll and for an ad outside of any schedule: then the playhead knows better.
  const position = index < 0 || offset < 0 ? 'post' : index > 0 || offset > 0 ? 'mid' : undefined
  const about = {
    ads_planned: pod?.getTotalAds() || undefined,
    insertion: 'client',
    // On iPhones an ad can be played in the content's own element.
    inElement: !!manager.isCustomPlaybackUsed?.(),
  } as const
  return position ? Object.assign({ position } as const, about) : about
}

const describeAd = (ad: ImaAd, load_ms: number | undefined) => ({
  ad_id: ad.getAdId() || undefined,
  creative_id: ad.getCreativeId() || undefined,
  universal_ad_id: ad
    .getUniversalAdIds()
    .map((id) => id.getAdIdValue())
    .find((id) => id && id !== 'unknown'),
  pod_index: ad.getAdPodInfo().getAdPosition() || undefined,
  duration_ms: ad.getDuration() > 0 ? Math.round(ad.getDuration() * 1000) : undefined,
  skippable: ad.getSkipTimeOffset() >= 0,
  load_ms,
})

const followManager = (manager: ImaTarget, signals: AdSignals, now: () => number) => {
  let isOpen = false
  let isOnScreen = false
  let isBuffering = false
  /** Since when the next ad is due: it was asked for, or the content stands still for it. */
  let dueAt: number | undefined
  /** What went wrong with other ads than the one on screen, which goes on. */
  let errors: Partial<PlayerError>[] = []

  const due = () => {
    dueAt ??= now()
  }
  const open = (ad: ImaAd | null | undefined) => {
    if (isOpen) return
    isOpen = true
    signals.breakStart(describeBreak(ad, manager))
  }
  const leave = (reason: Parameters<AdSignals['end']>[0]) => {
    if (isOnScreen) {
      signals.end(reason)
      dueAt = now()
    }
    isOnScreen = isBuffering = false
    for (const error of errors) signals.error(error)
    errors = []
  }
  const close = () => {
    leave('quit')
    signals.breakEnd()
    isOpen = false
    dueAt = undefined
  }
  const fail = (error: Partial<PlayerError>) => {
    signals.error(error)
    isOnScreen = false
  }
  /** Passes on only what happens to an ad that takes the content's place; others lie over it. */
  const onScreen = (run: () => void) => () => {
    if (isOnScreen) run()
  }

  return listenTo(manager, {
    adBreakReady: due,
    contentPauseRequested: (event) => {
      due()
      open(event.getAd?.())
    },
    start: (event) => {
      const ad = event.getAd?.()
      if (!ad?.isLinear()) return
      open(ad)
      leave('completed')
      isOnScreen = true
      signals.start(describeAd(ad, dueAt === undefined ? undefined : Math.round(now() - dueAt)))
      dueAt = undefined
    },
    firstquartile: onScreen(() => signals.quartile(1)),
    midpoint: onScreen(() => signals.quartile(2)),
    thirdquartile: onScreen(() => signals.quartile(3)),
    adBuffering: onScreen(() => {
      isBuffering = true
      signals.buffering(true)
    }),
    adProgress: onScreen(() => {
      if (isBuffering) signals.buffering(false)
      isBuffering = false
    }),
    pause: onScreen(() => signals.paused(true)),
    resume: onScreen(() => signals.paused(false)),
    click: onScreen(() => signals.click()),
    complete: () => leave('completed'),
    skip: () => leave('skipped'),
    userClose: () => leave('quit'),
    log: (event) => {
      const { adError } = (event.getAdData?.() || {}) as { adError?: ImaError }
      if (!adError) return
      if (isOnScreen && adError.getType() !== PLAY_ERROR) errors.push(describeError(adError))
      else fail(describeError(adError))
    },
    adBreakFetchError: () => {
      fail({ code: 'adBreakFetchError' })
      dueAt = undefined
    },
    // After it the manager is of no use, and nothing else comes.
    adError: (event) => {
      fail(describeError(event.getError?.()))
      close()
    },
    contentResumeRequested: close,
    allAdsCompleted: close,
  } satisfies Handlers)
}

/**
 * Tells of the ads that Google's IMA SDK shows. Give it the ads loader, whose errors are those of requests, and hand over
 * the ads manager when there is one:
 *
 *     const source = ima(adsLoader)
 *     const tracker = trackVideo(video, { …, ads: ads(source) })
 *     adsLoader.addEventListener('adsManagerLoaded', (event) => {
 *       const adsManager = event.getAdsManager(video)
 *       source.use(adsManager)
 *       adsManager.init(640, 360)
 *       adsManager.start()
 *     })
 *
 * An ad's `load_ms` counts from when its break was ready, the content was stopped or the ad before it left, whichever
 * came first, so that an ad loaded ahead is not a slow one. Ads that lie over the content are not counted.
 */
export const ima = (adsLoader?: ImaTarget, now: () => number = () => performance.now()): ImaAds => {
  let signals: AdSignals | undefined
  let manager: ImaTarget | undefined
  let unfollow = () => {}

  const follow = () => {
    unfollow()
    unfollow = signals && manager ? followManager(manager, signals, now) : () => {}
  }
  return {
    use(adsManager) {
      if (adsManager === manager) return
      if (manager) signals?.breakEnd()
      manager = adsManager
      follow()
    },
    connect(to) {
      signals = to
      follow()
      const adError = (event: ImaEvent) => to.error(describeError(event.getError?.()))
      const leaveLoader = adsLoader ? listenTo(adsLoader, { adError }) : () => {}
      return () => {
        signals = undefined
        follow()
        leaveLoader()
      }
    },
  }
}
