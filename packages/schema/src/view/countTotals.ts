import type { EventOf, EventType, PlayerEvent } from '../events/index.ts'
import type { Totals } from '../totals.ts'
import { countAds } from './countAds.ts'
import { countRenditions } from './countRenditions.ts'
import { countTimes } from './countTimes.ts'
import { findFatalError } from './findFatalError.ts'
import { inOrder } from './inOrder.ts'
import { lengthOfRanges } from './lengthOfRanges.ts'

const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0)

const definedOnly = (totals: { [K in keyof Totals]: Totals[K] | undefined }) =>
  Object.fromEntries(Object.entries(totals).filter(([, value]) => value !== undefined)) as Totals

/** What events say of the view themselves, or tell by being there. */
const countHappenings = (events: readonly PlayerEvent[]): Totals => {
  const all = <T extends EventType>(type: T) =>
    events.filter((event): event is EventOf<T> => event.type === type)
  const [start] = all('view_start')
  const [first] = all('first_frame')
  const [end] = all('view_end')
  const seeks = all('seek_end')
  return definedOnly({
    page_load_ms: start?.page_load_ms,
    player_startup_ms: start?.player_startup_ms,
    startup_ms: first?.startup_ms,
    content_startup_ms: first?.content_startup_ms,
    first_frame_ms: first?.t_ms,
    visible_during_startup: first?.visible_during_startup,
    play_request_count: all('play_request').length,
    autoplay_blocked_count: all('pause').filter(({ reason }) => reason === 'autoplay_blocked').length,
    rebuffer_count: all('rebuffer_start').length,
    seek_count: all('seek_start').length,
    seek_latency_ms: seeks.length > 0 ? sum(seeks.map(({ latency_ms }) => latency_ms)) : undefined,
    error_count: sum(all('error').map(({ count = 1 }) => count)),
    max_playhead_ms: events.reduce(
      (most, { playhead_ms, playhead_kind }) =>
        playhead_kind === 'epoch' ? most : Math.max(most, playhead_ms ?? 0),
      end?.max_playhead_ms ?? 0,
    ),
    unique_ms: end?.ranges && lengthOfRanges(end.ranges),
  })
}

const countUntilStall = (events: readonly PlayerEvent[]): Totals => {
  const at = events.findIndex(({ type }) => type === 'rebuffer_start')
  return at < 0 ? {} : { first_rebuffer_ms: countTimes(events.slice(0, at + 1)).playing_ms ?? 0 }
}

/**
 * Totals of a view counted from its events: what is left where no event carries them, and what they are held against
 * where one does. Events come in any order, and duplicates count once. Frames cannot be counted so; media time, bitrate,
 * latency, sizes and the furthest position come as near as the events are close.
 */
export const countTotals = (events: Iterable<PlayerEvent>): Totals => {
  const ordered = inOrder(events)
  const { ads: stalled, ...times } = countTimes(ordered)
  const shown = countAds(ordered)
  return definedOnly({
    ...times,
    ...countHappenings(ordered),
    ...countRenditions(ordered),
    ...countUntilStall(ordered),
    ads: shown || stalled ? { ...shown, ...stalled } : undefined,
    fatal_error: findFatalError(ordered),
  })
}
