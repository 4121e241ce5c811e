import type { EventOf, PlayerEvent, Totals } from '@viewbeat/schema'
import type { PlayerError } from '../engine.ts'
import type { createPlayhead } from './createPlayhead.ts'

/** One of the states a view can be in. */
export type State = Exclude<PlayerEvent['state'], 'quit'>

/** An event before it is stamped: its type and its own fields. */
export type Draft = PlayerEvent extends infer E
  ? E extends PlayerEvent
    ? Omit<E, 'seq' | 'ts' | 't_ms' | 'playhead_ms' | 'state'> & { playhead_ms?: number | null }
    : never
  : never

/** A picture that stands still: since when, ms since the view began, and what noticed it. */
export interface Still {
  since: number
  by: 'event' | 'playhead' | 'frames'
  /** Where the picture stands, ms; the playhead may have run on. */
  position?: number | undefined
  buffer_ms?: number | undefined
}

type Initiator = EventOf<'play_request'>['initiator']
type PauseReason = EventOf<'pause'>['reason']
type NumberOf<T> = { [K in keyof T]-?: NonNullable<T[K]> extends number ? K : never }[keyof T]
/** A number of the totals. */
export type Counter = NumberOf<Totals>
type AdCounter = keyof NonNullable<Totals['ads']>

/** What moves a view from one state to another. */
type Signal = 'play' | 'move' | 'stand' | 'pause' | 'strip' | 'seek' | 'rest' | 'end' | 'fail'

/** How long playback may take to begin with what is buffered, once the engine has given up, ms. */
const DOOMED_START_MS = 2000

const exits = (to: State) => ({ starting: to, playing: to, rebuffering: to, seeking: to })

/**
 * Where each signal leads from each state; where it leads nowhere it says nothing new. `stand`: the picture stands
 * still; `strip`: the media is taken out; `rest`: a seek is done while paused. A pause within a seek leaves the seek open.
 */
const LEADS: Record<Signal, { [state in State]?: State }> = {
  play: {
    preloading: 'starting',
    paused: 'starting',
    ended: 'starting',
    failed: 'starting',
    seeking: 'seeking',
  },
  move: { starting: 'playing', rebuffering: 'playing', seeking: 'playing', failed: 'playing' },
  stand: { playing: 'rebuffering', starting: 'rebuffering' },
  pause: Object.assign(exits('paused'), { seeking: 'seeking' } as const),
  strip: exits('paused'),
  seek: Object.assign(exits('seeking'), { paused: 'seeking' } as const),
  rest: { seeking: 'paused' },
  end: Object.assign(exits('ended'), { paused: 'ended' } as const),
  fail: Object.assign(exits('failed'), { preloading: 'failed', paused: 'failed', ended: 'failed' } as const),
}

const ENDED_BY: { [signal in Signal]?: EventOf<'rebuffer_end'>['ended_by'] } = {
  move: 'resume',
  pause: 'pause',
  seek: 'seek',
}

/**
 * The state machine of one view: signals from the element and its engine go in, drafts of events come out by `emit`, and
 * times and counts add up. Nothing before the first frame is a stall or a seek; a stall within a seek belongs to the
 * seek. Times are whole ms since the view began, so that those of all states add up to the elapsed time exactly.
 */
export const createPlayback = ({
  elapsed,
  interval,
  playhead,
  emit,
}: {
  /** Whole ms since the view began. */
  elapsed: () => number
  /** The longest time between heartbeats, ms: who says nothing for two of them slept. */
  interval: number
  playhead: ReturnType<typeof createPlayhead>
  /** `at`: ms since the view began, the same that the times in states are counted by. */
  emit: (draft: Draft, state: State, at: number) => void
}) => {
  const counts: Totals = {}
  let state: State = 'preloading'
  /** Frozen: no state is credited with the time. */
  let away = false
  let since = 0
  /** The position as of `since`. */
  let settledTo: number | null = null
  let started = false
  /** The page is hidden, or was at some time of the start: nobody waits there. */
  let hidden = false
  let unseen = false
  /** Waiting for a first frame, by somebody who could see it: of anything, and of the content. */
  let waited = 0
  let waitedForContent = 0
  /** The content itself has been on screen. */
  let contentStarted = false
  /** Playback begins from the beginning: whatever the element does until it moves is part of the start. */
  let fresh = true
  let inAd = false
  let inBreak = false
  let stalledAt = 0
  let seekAt = 0
  let merged = 0
  /** A fatal error of the engine, while the picture still moves on what is buffered; and where that ends. */
  let doomed: { error: PlayerError; until: number; since: number } | undefined
  /** By how much the picture is enlarged, or made smaller: 1 is neither. */
  let scale: number | undefined
  let latency: number | undefined
  /** Of the rendition on screen. */
  let bitrate: number | undefined

  const add = (counter: Counter, by = 1) => {
    counts[counter] = (counts[counter] || 0) + by
  }
  const addAd = (counter: AdCounter, by = 1) => {
    counts.ads ||= {}
    counts.ads[counter] = (counts.ads[counter] || 0) + by
  }
  const follow = (at = elapsed()) => playhead.sample(at, state === 'playing' && !inBreak)
  const settle = (at: number) => {
    const from = settledTo
    settledTo = follow()
    let ms = at - since
    since = Math.max(since, at)
    if (ms <= 0) return
    if (ms > 2 * interval && !away && LEADS.pause[state]) {
      // A laptop that slept, unless the playhead went on meanwhile.
      const lived = Math.min(ms, Math.max(interval, ((settledTo || 0) - (from || 0)) / playhead.rate()))
      add('away_ms', Math.round(ms - lived))
      ms = Math.round(lived)
    }
    add(`${away ? 'away' : state}_ms`, ms)
    if (away) return
    if (state === 'starting') {
      if (hidden) unseen = true
      else {
        waited += ms
        if (!inBreak) waitedForContent += ms
      }
    }
    if (inAd && state === 'rebuffering') addAd('rebuffering_ms', ms)
    if (state !== 'playing') return
    if (inAd) add('ad_ms', ms)
    if (latency !== undefined) {
      add('latency_known_ms', ms)
      add('latency_sum', ms * latency)
    }
    if (!scale) return
    const [sum, max] =
      scale > 1
        ? (['upscaling_ms', 'upscaling_max'] as const)
        : (['downscaling_ms', 'downscaling_max'] as const)
    const by = Math.abs(scale - 1)
    add('scaled_ms', ms)
    add(sum, Math.round(by * ms))
    counts[max] = Math.max(counts[max] || 0, Math.round(by * 1000) / 1000)
  }
  const say = (draft: Draft, next = state, at = elapsed()) => {
    settle(at)
    state = next
    emit(inAd ? Object.assign({ in_ad: true }, draft) : draft, state, at)
  }
  const during = (...states: State[]) => states.includes(state)

  /** Goes where the signal leads, closing what is bracketed on the way; nowhere, if it leads nowhere. */
  const go = (signal: Signal, draft?: Draft, at = elapsed()) => {
    const from = state
    const next = LEADS[signal][from]
    if (!next) return
    if (next !== from) {
      if (from === 'rebuffering')
        say(
          { type: 'rebuffer_end', duration_ms: at - stalledAt, ended_by: ENDED_BY[signal] || 'exit' },
          next,
          at,
        )
      if (from === 'seeking') {
        const latency_ms = at - seekAt
        add('seek_latency_ms', latency_ms)
        const to_ms = follow(at)
        say({ type: 'seek_end', to_ms, latency_ms, merged: merged > 1 ? merged : undefined }, next, at)
      }
    }
    if (draft) say(draft, next, at)
    else {
      settle(at)
      state = next
    }
  }

  const sayError = (error: PlayerError, count = 1, signal?: Signal, at?: number) => {
    add('error_count', count)
    const draft = Object.assign({ type: 'error' } as const, error, { count: count > 1 ? count : undefined })
    if (signal) go(signal, draft, at)
    else say(draft)
  }
  const failNow = (error: PlayerError, at?: number) => {
    doomed = undefined
    counts.fatal_error = { category: error.category, code: error.code, business: error.business }
    sayError(error, 1, 'fail', at)
  }
  /** What was called fatal is over before anybody noticed. */
  const survive = () => {
    if (doomed) sayError(Object.assign({}, doomed.error, { severity: 'warning', recovered: true } as const))
    doomed = undefined
  }
  /** The content moves: from the first time on its start is known. */
  const seeContent = () => {
    if (inBreak) return
    playhead.hold(false)
    if (contentStarted) return
    contentStarted = true
    counts.content_startup_ms = waitedForContent
  }

  return {
    get state() {
      return state
    },
    get requested() {
      return counts.play_request_count
    },
    get started() {
      return started
    },
    /** A break is open: what plays is no content. */
    get inBreak() {
      return inBreak
    },
    /** The page is frozen, or is no longer; what was open in between goes on, the time away taken out. */
    setAway(isAway: boolean, away_ms = 0) {
      settle(elapsed())
      away = isAway
      stalledAt += away_ms
      seekAt += away_ms
    },
    /** The page is hidden from now on, or shown: what starts unseen keeps nobody waiting. */
    setHidden(isHidden: boolean) {
      settle(elapsed())
      hidden = isHidden
    },
    /** How much the picture is enlarged from now on; unknown if left out. */
    setScale(next?: number) {
      settle(elapsed())
      scale = next
    },
    /** The live latency from now on, ms; unknown if left out. */
    setLatency(next?: number) {
      settle(elapsed())
      latency = next
    },
    emit: say,
    addAd,
    follow,

    /** Somebody asked for it, `ago` ms ago. */
    play(initiator: Initiator, ago = 0) {
      if (!during('paused')) fresh = !during('seeking') || fresh
      if (!LEADS.play[state]) return
      add('play_request_count')
      const at = Math.max(since, Math.round(elapsed() - ago))
      go('play', { type: 'play_request', initiator, resume: started }, at)
    },
    /** Playback was running before anybody watched: the start is over and unknown. */
    joinLate() {
      this.play('unknown')
      started = contentStarted = true
      say({ type: 'first_frame' }, 'playing')
    },
    /** The picture moves, since `when`. */
    move(when = elapsed()) {
      const from_state = state
      if (!LEADS.move[from_state]) return
      const at = Math.max(when, since)
      settle(at)
      if (started) {
        if (during('starting')) seeContent()
        // A fatal error that playback got over was none.
        if (during('failed')) delete counts.fatal_error
        go('move', during('rebuffering') ? undefined : { type: 'playing', from_state }, at)
      } else {
        started = true
        const startup = { startup_ms: waited, visible_during_startup: !unseen && !hidden }
        Object.assign(counts, startup, { first_frame_ms: at })
        seeContent()
        const { content_startup_ms } = counts
        const ad_first = inBreak || undefined
        go(
          'move',
          Object.assign({ type: 'first_frame' } as const, startup, { content_startup_ms, ad_first }),
          at,
        )
      }
      fresh = false
      if (!inBreak) playhead.credit(elapsed() - at)
    },
    /** The picture stands still though nobody asked it to. */
    stand({ since: when, by, position, buffer_ms }: Still) {
      const at = Math.max(when, since)
      const isStart = during('starting') && fresh
      // A start may take its time with what is buffered, but not for ever.
      if (doomed && (!isStart || elapsed() > doomed.since + DOOMED_START_MS)) return failNow(doomed.error, at)
      if (!started || isStart || (inBreak && !inAd)) return
      if (!LEADS.stand[state]) return
      counts.first_rebuffer_ms ??= (counts.playing_ms || 0) + (during('playing') ? at - since : 0)
      add('rebuffer_count')
      if (inAd) addAd('rebuffer_count')
      stalledAt = at
      follow()
      playhead.retract(position)
      const draft = { type: 'rebuffer_start', buffer_ms, detected_by: by } as const
      go('stand', position === undefined ? draft : Object.assign({ playhead_ms: position }, draft), at)
    },
    pause(reason: PauseReason) {
      if (reason === 'autoplay_blocked') add('autoplay_blocked_count')
      // A seek goes on while paused, but not without media.
      const stripped = reason === 'interrupted'
      if (stripped && doomed) failNow(doomed.error)
      go(stripped ? 'strip' : 'pause', { type: 'pause', reason })
    },
    seek(initiator: 'user' | 'api') {
      const at = elapsed()
      const from_ms = playhead.leave(at, during('playing'))
      if (!started || (during('starting') && fresh) || !LEADS.seek[state]) return
      seekAt = at
      if (during('seeking')) {
        merged++
        return
      }
      add('seek_count')
      merged = 1
      go('seek', { type: 'seek_start', from_ms, initiator, playhead_ms: from_ms }, at)
    },
    /** The element has reached where it was sent, and stays there. */
    rest: () => go('rest'),
    end() {
      if (!started) return
      survive()
      go('end', { type: 'pause', reason: 'ended' })
    },
    /**
     * The engine or the element gives up. While the picture moves on what is buffered, up to the position `until`, it has
     * not failed for the viewer yet.
     */
    fail(error: PlayerError, until = 0) {
      if (during('failed') || doomed) return
      if (!during('preloading', 'rebuffering', 'ended') && until > (playhead.at() || 0))
        doomed = { error, until, since: elapsed() }
      else failNow(error)
    },
    /** Notes an error that playback goes on after, `count` of them. */
    warn: sayError,
    /** The playhead was seen at `position`, moving: past the end of what was buffered when the engine gave up, it did not. */
    pass(position: number) {
      if (doomed && position > doomed.until + 1000) survive()
    },
    /** `on`: ads take the place of the content; `shown`: one is on screen. */
    setAds(on: boolean, shown = false) {
      settle(elapsed())
      if (on) playhead.hold(true)
      inBreak = on
      inAd = shown
      if (during('playing')) seeContent()
    },
    /** Puts the view into a state that no signal of the element leads to; what is open is closed first. */
    put(next: State) {
      if (during('seeking', 'rebuffering')) go('strip')
      settle(elapsed())
      state = next
      fresh = true
    },
    rendition(
      rendition: Omit<EventOf<'rendition_change'>, keyof PlayerEvent | 'media' | 'from'>,
      initial: boolean,
    ) {
      const before = bitrate
      bitrate = rendition.bitrate_bps
      if (!initial) {
        add('rendition_change_count')
        if (before && bitrate) add(bitrate > before ? 'rendition_upshift_count' : 'rendition_downshift_count')
      }
      say(Object.assign({ type: 'rendition_change', media: 'video' } as const, rendition))
    },
    /** Closes an open stall or seek; the caller then says why the view ends. */
    close() {
      if (doomed) failNow(doomed.error)
      else if (during('seeking', 'rebuffering')) go('strip')
    },
    /** The counters as of `at`; those that are 0 are left out, as the schema has it. */
    totals(at: number): Totals {
      settle(at)
      return Object.assign({}, counts, counts.ads && { ads: Object.assign({}, counts.ads) }, playhead.read())
    },
  }
}

/** The state machine of one view. */
export type Playback = ReturnType<typeof createPlayback>
