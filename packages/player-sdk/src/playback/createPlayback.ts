import type { PlayerEvent, STATES, Totals } from '@viewbeat/schema'
import type { createPlayhead } from './createPlayhead.ts'

/** One of the states a view can be in. */
export type State = (typeof STATES)[number]

/** An event before it is stamped: its type and its own fields. */
export type Draft = PlayerEvent extends infer E
  ? E extends PlayerEvent
    ? Omit<E, 'seq' | 'ts' | 't_ms' | 'playhead_ms' | 'state'> & { playhead_ms?: number | null }
    : never
  : never

/** What is known of the element when a signal comes. */
export interface Standing {
  paused: boolean
  /** There is data to go on playing. */
  canPlay: boolean
}

type FatalError = NonNullable<Totals['fatal_error']>
type Initiator = Extract<PlayerEvent, { type: 'play_request' }>['initiator']
type PauseReason = Extract<PlayerEvent, { type: 'pause' }>['reason']
type Counter = Exclude<keyof Totals, 'fatal_error'>

/**
 * The state machine of one view: signals from the element go in, drafts of events come out by `emit`, and times and
 * counts add up. Nothing before the first frame is a stall or a seek; a stall within a seek belongs to the seek. Times
 * are whole ms since the view began, so that those of all states add up to the elapsed time exactly.
 */
export const createPlayback = ({
  elapsed,
  playhead,
  emit,
}: {
  /** Whole ms since the view began. */
  elapsed: () => number
  playhead: ReturnType<typeof createPlayhead>
  /** `at`: ms since the view began, the same that the times in states are counted by. */
  emit: (draft: Draft, state: State, at: number) => void
}) => {
  const counts: Totals = {}
  let state: State = 'preloading'
  /** Frozen: no state is credited with the time. */
  let away = false
  let since = 0
  let started = false
  let stalledAt = 0
  let seekAt = 0
  let merged = 0

  const add = (counter: Counter, by = 1) => {
    counts[counter] = (counts[counter] || 0) + by
  }
  const settle = (at: number) => {
    if (at > since) add(`${away ? 'away' : state}_ms`, at - since)
    since = at
  }
  const say = (draft: Draft, next = state, at = elapsed()) => {
    settle(at)
    state = next
    emit(draft, state, at)
  }
  const during = (...states: State[]) => states.includes(state)

  const endStall = (ended_by: 'resume' | 'pause' | 'seek' | 'exit', next: State) => {
    const at = elapsed()
    say({ type: 'rebuffer_end', duration_ms: at - stalledAt, ended_by }, next, at)
  }
  const endSeek = (next: State) => {
    const at = elapsed()
    say(
      {
        type: 'seek_end',
        to_ms: playhead.sample(at),
        latency_ms: at - seekAt,
        merged: merged > 1 ? merged : undefined,
      },
      next,
      at,
    )
  }
  /** Closes what is bracketed, so that whatever ends a view ends its stall or seek first. */
  const endBrackets = (next: State) => {
    if (during('rebuffering')) endStall('exit', next)
    if (during('seeking')) endSeek(next)
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
    /** The page is frozen, or is no longer; what was open in between goes on, the time away taken out. */
    setAway(isAway: boolean, away_ms = 0) {
      settle(elapsed())
      away = isAway
      stalledAt += away_ms
      seekAt += away_ms
    },
    emit: say,

    play(initiator: Initiator) {
      if (during('starting', 'playing', 'rebuffering')) return
      add('play_request_count')
      say({ type: 'play_request', initiator, resume: started }, during('seeking') ? state : 'starting')
    },
    /** Playback was running before anybody watched: the start is over and unknown. */
    joinLate() {
      this.play('unknown')
      started = true
      say({ type: 'first_frame' }, 'playing')
    },
    firstFrame(visible: boolean) {
      if (started || !during('starting')) return
      started = true
      const at = elapsed()
      settle(at)
      const startup_ms = counts.starting_ms || 0
      const startup = { startup_ms, content_startup_ms: startup_ms }
      Object.assign(counts, startup)
      say(
        Object.assign({ type: 'first_frame', visible_during_startup: visible } as const, startup),
        'playing',
        at,
      )
    },
    playing() {
      const from_state = state
      if (!started || during('playing')) return
      if (during('rebuffering')) return endStall('resume', 'playing')
      if (during('seeking')) endSeek('playing')
      say({ type: 'playing', from_state }, 'playing')
    },
    waiting(buffer_ms: number) {
      if (!started || !during('playing')) return
      add('rebuffer_count')
      stalledAt = elapsed()
      say({ type: 'rebuffer_start', buffer_ms, detected_by: 'event' }, 'rebuffering', stalledAt)
    },
    pause(reason: PauseReason) {
      if (during('preloading', 'paused', 'ended', 'failed')) return
      // A seek goes on while paused, but not without media.
      if (reason === 'interrupted') endBrackets('paused')
      if (during('rebuffering')) endStall('pause', 'paused')
      say({ type: 'pause', reason }, during('seeking') ? state : 'paused')
    },
    seeking(initiator: 'user' | 'api') {
      const at = elapsed()
      const from_ms = playhead.leave(at, during('playing'))
      if (!started || during('failed', 'ended')) return
      if (during('rebuffering')) endStall('seek', 'seeking')
      else if (during('seeking')) {
        seekAt = at
        merged++
        return
      }
      add('seek_count')
      seekAt = at
      merged = 1
      say({ type: 'seek_start', from_ms, initiator, playhead_ms: from_ms }, 'seeking', at)
    },
    seeked({ paused, canPlay }: Standing) {
      if (!during('seeking')) return
      if (paused) endSeek('paused')
      else if (canPlay) this.playing()
    },
    ended() {
      if (!started || during('ended', 'failed')) return
      endBrackets('playing')
      say({ type: 'pause', reason: 'ended' }, 'ended')
    },
    fail(error: FatalError) {
      if (during('failed')) return
      endBrackets('failed')
      add('error_count')
      counts.fatal_error ||= error
      say(Object.assign({ type: 'error', severity: 'fatal' } as const, error), 'failed')
    },
    rendition(size: { width_px: number; height_px: number }, initial: boolean) {
      if (!initial) add('rendition_change_count')
      const reason = initial ? 'initial' : 'unknown'
      say(Object.assign({ type: 'rendition_change', reason, media: 'video' } as const, size))
    },
    /** Closes an open stall or seek; the caller then says why the view ends. */
    close: () => endBrackets('paused'),
    /** The counters as of `at`; those that are 0 are left out, as the schema has it. */
    totals(at: number): Totals {
      settle(at)
      playhead.sample(at)
      return Object.assign({}, counts, playhead.read())
    },
  }
}

/** The state machine of one view. */
export type Playback = ReturnType<typeof createPlayback>
