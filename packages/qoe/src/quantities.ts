import type { ViewRecord } from '@viewbeat/schema'
import { hasStarted } from './hasStarted.ts'

/** The quantities of a view that formulas are made of. An absent counter is 0; what is unknown is never made 0. */

/** ms of an hour. */
export const HOUR_MS = 3_600_000

/** Whether the view can be said to have come out somehow: it is not still going. */
export const isOver = ({ outcome }: ViewRecord): boolean => outcome !== 'open'

/** Whether anybody asked to play, allowed or not; what plays was asked for, even if the request was lost. */
export const isRequested = (view: ViewRecord): boolean => view.play_request_count > 0 || hasStarted(view)

/** Whether the view tried to play: as long as the browser allowed none of its requests, it did not. */
export const isAttempt = (view: ViewRecord): boolean =>
  view.play_request_count > (view.autoplay_blocked_count ?? 0) || hasStarted(view)

/** Whether it failed for good: by a fatal error that playback did not get over, or by one that nobody named. */
export const hasFailed = ({ outcome, fatal_error }: ViewRecord): boolean =>
  outcome === 'failed' || fatal_error !== undefined

/** Whether the start came out one way or another; a view that is still starting may yet do either. */
export const isStartDecided = (view: ViewRecord): boolean =>
  hasStarted(view) || isOver(view) || hasFailed(view)

/** Whether it ended by a refusal on purpose: no subscription, the wrong region. */
export const isRefusal = ({ fatal_error }: ViewRecord): boolean => fatal_error?.business === true

/** Whether it ended by a fault: it failed, and that was no refusal on purpose. */
export const isFault = (view: ViewRecord): boolean => hasFailed(view) && !isRefusal(view)

/** Whether it was left before a first frame, and had not failed. */
export const isExitBeforeStart = (view: ViewRecord): boolean =>
  isOver(view) && !hasStarted(view) && !hasFailed(view)

/** Whether the start was seen by somebody: a page in the background loads when it likes. */
export const isStartSeen = ({ visible_during_startup }: ViewRecord): boolean =>
  visible_during_startup !== false

/** Wall time with pauses out: starting, playing, seeking and rebuffering, ms. */
export const watchedMs = ({ starting_ms, playing_ms, seeking_ms, rebuffering_ms }: ViewRecord): number =>
  starting_ms + playing_ms + seeking_ms + rebuffering_ms

/** Playing time without the ads, ms. */
export const contentPlayingMs = ({ playing_ms, ad_ms = 0 }: ViewRecord): number =>
  Math.max(0, playing_ms - ad_ms)

/** Stalled time without the ads, ms. */
export const contentStalledMs = ({ rebuffering_ms, ads }: ViewRecord): number =>
  Math.max(0, rebuffering_ms - (ads?.rebuffering_ms ?? 0))

/** Stalls without those in ads. */
export const contentStalls = ({ rebuffer_count, ads }: ViewRecord): number =>
  Math.max(0, rebuffer_count - (ads?.rebuffer_count ?? 0))

/** Seeks that have ended; one may be under way. */
export const endedSeeks = ({ seek_count, state }: ViewRecord): number =>
  Math.max(0, seek_count - (state === 'seeking' ? 1 : 0))

/** The length of the content, ms; undefined where it has none, as live has not. */
export const contentLengthMs = ({ context: { content } }: ViewRecord): number | undefined =>
  content.stream_type === 'live' || content.stream_type === 'll_live' || !content.duration_ms
    ? undefined
    : content.duration_ms

/** Ads that were to be shown: those on screen, those that failed before, and those that nobody waited for. */
export const adAttempts = ({ ads }: ViewRecord): number =>
  (ads?.start_count ?? 0) + (ads?.start_error_count ?? 0) + (ads?.exit_before_start_count ?? 0)

/** How many views this one stands for: where a share of them is measured, each counts for more. */
export const weightOf = ({ context: { sample_rate = 1 } }: ViewRecord): number => 1 / sample_rate
