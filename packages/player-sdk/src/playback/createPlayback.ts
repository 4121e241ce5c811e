import type { PlayerEvent, Totals } from '@viewbeat/schema'
import type { createPlayhead } from './createPlayhead.ts'
import { createStateClock, type State } from './createStateClock.ts'

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

/**
 * The state machine of one view: signals from the element go in, drafts of events come out by `emit`, and times and
 * counts add up. Nothing before the first frame is a stall or a seek; a stall within a seek belongs to the seek.
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
  const clock = createStateClock()
  const counts: Totals = {}
  let started = false
  let stalledAt = 0
  let seek = { askedAt: 0, merged: 0 }

  const bump = (
    key: 'play_request_count' | 'rebuffer_count' | 'seek_count' | 'rendition_change_count' | 'error_count',
  ) => {
    counts[key] = (counts[key] ?? 0) + 1
  }
  const say = (draft: Draft, at = elapsed()) => emit(draft, clock.state, at)
  const enterAndSay = (state: State, draft: Draft, at = elapsed()) => {
    clock.enter(state, at)
    say(draft, at)
  }
  const during = (...states: State[]) => states.includes(clock.state)

  const endStall = (ended_by: 'resume' | 'pause' | 'seek' | 'exit', next: State) => {
    const now = elapsed()
    enterAndSay(next, { type: 'rebuffer_end', duration_ms: now - stalledAt, ended_by }, now)
  }

  const endSeek = (next: State) => {
    const { askedAt, merged } = seek
    const now = elapsed()
    const end = { type: 'seek_end', to_ms: playhead.sample(now), latency_ms: now - askedAt } as const
    enterAndSay(next, Object.assign(end, merged > 1 && { merged }), now)
  }
  /** Closes what is bracketed, so that whatever ends a view ends its stall or seek first. */
  const endBrackets = (next: State) => {
    if (during('rebuffering')) endStall('exit', next)
    if (during('seeking')) endSeek(next)
  }

  return {
    get state() {
      return clock.state
    },
    get requested() {
      return counts.play_request_count !== undefined
    },
    get started() {
      return started
    },
    /** The page is frozen, or is no longer; what was open in between goes on, the time away taken out. */
    setAway(isAway: boolean, away_ms = 0) {
      clock.setAway(isAway, elapsed())
      stalledAt += away_ms
      seek.askedAt += away_ms
    },
    emit: say,

    play(initiator: Initiator) {
      if (during('starting', 'playing', 'rebuffering')) return
      bump('play_request_count')
      const request = { type: 'play_request', initiator, resume: started } as const
      if (during('seeking')) say(request)
      else enterAndSay('starting', request)
    },
    /** Playback was running before anybody watched: the start is over and unknown. */
    joinLate() {
      this.play('unknown')
      started = true
      enterAndSay('playing', { type: 'first_frame' })
    },
    firstFrame(visible: boolean) {
      if (started || !during('starting')) return
      started = true
      const now = elapsed()
      const startup_ms = clock.read(now).starting ?? 0
      const startup = { startup_ms, content_startup_ms: startup_ms }
      Object.assign(counts, startup)
      const frame = { type: 'first_frame', visible_during_startup: visible } as const
      enterAndSay('playing', Object.assign(frame, startup), now)
    },
    playing() {
      if (!started) return
      const from_state = clock.state
      if (during('rebuffering')) endStall('resume', 'playing')
      else if (during('seeking')) {
        endSeek('playing')
        say({ type: 'playing', from_state })
      } else if (!during('playing')) enterAndSay('playing', { type: 'playing', from_state })
    },
    waiting(buffer_ms: number) {
      if (!started || !during('playing')) return
      bump('rebuffer_count')
      stalledAt = elapsed()
      const stall = { type: 'rebuffer_start', buffer_ms, detected_by: 'event' } as const
      enterAndSay('rebuffering', stall, stalledAt)
    },
    pause(reason: PauseReason) {
      if (during('preloading', 'paused', 'ended', 'failed')) return
      // A seek goes on while paused, but not without media.
      if (reason === 'interrupted') endBrackets('paused')
      if (during('rebuffering')) endStall('pause', 'paused')
      if (during('seeking')) say({ type: 'pause', reason })
      else enterAndSay('paused', { type: 'pause', reason })
    },
    seeking(initiator: 'user' | 'api') {
      const now = elapsed()
      const from_ms = playhead.leave(now, during('playing'))
      if (!started || during('failed', 'ended')) return
      if (during('seeking')) {
        seek = { askedAt: now, merged: seek.merged + 1 }
        return
      }
      if (during('rebuffering')) endStall('seek', 'seeking')
      bump('seek_count')
      seek = { askedAt: now, merged: 1 }
      enterAndSay('seeking', { type: 'seek_start', from_ms, initiator, playhead_ms: from_ms }, now)
    },
    seeked({ paused, canPlay }: Standing) {
      if (!during('seeking')) return
      if (paused) endSeek('paused')
      else if (canPlay) this.playing()
    },
    ended() {
      if (!started || during('ended', 'failed')) return
      endBrackets('playing')
      enterAndSay('ended', { type: 'pause', reason: 'ended' })
    },
    fail(error: FatalError) {
      if (during('failed')) return
      endBrackets('failed')
      bump('error_count')
      const { category, code } = error
      counts.fatal_error ??= { category, code }
      enterAndSay('failed', Object.assign({ type: 'error', severity: 'fatal' } as const, error))
    },
    rendition(size: { width_px: number; height_px: number }, initial: boolean) {
      if (!initial) bump('rendition_change_count')
      const reason = initial ? 'initial' : 'unknown'
      say(Object.assign({ type: 'rendition_change', reason, media: 'video' } as const, size))
    },
    /** Closes an open stall or seek; the caller then says why the view ends. */
    close: () => endBrackets('paused'),
    /** The counters as of `now`; those that are 0 are left out, as the schema has it. */
    totals(now: number): Totals {
      playhead.sample(now)
      const totals: Totals = Object.assign({}, counts)
      for (const [state, ms] of Object.entries(clock.read(now)))
        if (ms) totals[`${state as State | 'away'}_ms`] = ms
      const { content_ms, max_playhead_ms } = playhead.read()
      if (content_ms) totals.content_ms = content_ms
      if (max_playhead_ms) totals.max_playhead_ms = max_playhead_ms
      return totals
    },
  }
}

/** The state machine of one view. */
export type Playback = ReturnType<typeof createPlayback>
