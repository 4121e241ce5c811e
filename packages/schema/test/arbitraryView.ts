import fc from 'fast-check'
import type { PlayerEvent } from '../src/events/index.ts'
import type { Totals } from '../src/totals.ts'

export { fc }

type State = Exclude<PlayerEvent['state'], 'quit'>
type Draft = { type: PlayerEvent['type'] } & Record<string, unknown>

/** What a viewer, a network or a page does next, and for how long things then stay as they are. */
const DEEDS = [
  'play',
  'picture',
  'stall',
  'pause',
  'seek',
  'end',
  'fail',
  'warn',
  'block',
  'break',
  'ad',
  'freeze',
  'switch',
  'resize',
  'speed',
  'beat',
] as const

type Deed = { what: (typeof DEEDS)[number]; ms: number; n: number }

/** A view as it was: its events, and the totals that its producer would have said at its end. */
export interface PlayedView {
  events: PlayerEvent[]
  totals: Totals
}

/**
 * Plays a view: a model of a player that adds its totals up while time passes, as a producer does, and says events.
 * A deed that the state does not allow is only a wait, so that any list of deeds is a view.
 */
export const playView = (deeds: readonly Deed[], end: 'quit' | 'lost' | 'failed'): PlayedView => {
  const events: PlayerEvent[] = []
  const totals: Totals = {}
  const ads: NonNullable<Totals['ads']> = {}
  let state = 'preloading' as State
  let now = 0
  let playhead = 0
  let started = false
  let inBreak = false
  let inAd = false
  let filled = false
  let rate = 1
  let bitrate: number | undefined
  let stalledAt = 0
  let seekAt = 0
  let waited = 0

  const add = (name: Exclude<keyof Totals, 'ads' | 'fatal_error' | 'visible_during_startup'>, by = 1) => {
    totals[name] = (totals[name] ?? 0) + by
  }
  const addAd = (name: keyof typeof ads, by = 1) => {
    ads[name] = (ads[name] ?? 0) + by
  }
  const pass = (ms: number) => {
    now += ms
    add(`${state}_ms`, ms)
    if (state === 'starting' && !started) waited += ms
    if (state === 'rebuffering' && inAd && ms > 0) addAd('rebuffering_ms', ms)
    if (state !== 'playing') return
    if (inAd) add('ad_ms', ms)
    if (inBreak) return
    playhead += ms * rate
    add('content_ms', ms * rate)
    if (bitrate === undefined) return
    add('bitrate_ms', ms * rate)
    add('bitrate_sum', ms * rate * bitrate)
  }
  const snapshot = (): Totals =>
    structuredClone({
      ...totals,
      max_playhead_ms: Math.max(totals.max_playhead_ms ?? 0, playhead),
      ...(Object.keys(ads).length > 0 && { ads }),
    })
  const say = (draft: Draft, next: PlayerEvent['state'] = state) => {
    totals.max_playhead_ms = Math.max(totals.max_playhead_ms ?? 0, playhead)
    if (next !== 'quit') state = next
    events.push({
      seq: events.length,
      ts: 1_790_000_000_000 + now,
      t_ms: now,
      playhead_ms: playhead,
      state: next,
      ...(inAd && { in_ad: true }),
      ...draft,
    } as unknown as PlayerEvent)
  }
  const beat = () => say({ type: 'heartbeat', totals: snapshot() })

  /** Ends a stall or a seek, as whatever comes next in the view does first. */
  const close = (ended_by: string, next: State) => {
    if (state === 'rebuffering') say({ type: 'rebuffer_end', duration_ms: now - stalledAt, ended_by }, next)
    else if (state === 'seeking') {
      add('seek_latency_ms', now - seekAt)
      say({ type: 'seek_end', to_ms: playhead, latency_ms: now - seekAt }, next)
    }
  }
  const endAd = (reason: string) => {
    inAd = false
    if (reason === 'completed') addAd('complete_count')
    if (reason === 'skipped') addAd('skip_count')
    say({ type: 'ad_end', reason })
  }
  const endBreak = () => {
    if (inAd) endAd('quit')
    inBreak = false
    say({ type: 'ad_break_end' })
  }
  const picture = () => {
    if (state === 'starting' && !started) {
      started = true
      Object.assign(totals, { startup_ms: waited, first_frame_ms: now, visible_during_startup: true })
      delete totals.fatal_error
      return say({ type: 'first_frame', startup_ms: waited, visible_during_startup: true }, 'playing')
    }
    if (state === 'rebuffering') return close('resume', 'playing')
    if (!started || !(state === 'starting' || state === 'seeking' || state === 'failed')) return
    close('resume', 'playing')
    delete totals.fatal_error
    say({ type: 'playing' }, 'playing')
  }
  const fail = (n: number) => {
    close('exit', 'failed')
    if (inBreak) endBreak()
    add('error_count')
    const error = { category: 'network', code: `E${n % 3}`, business: n % 5 === 0 }
    totals.fatal_error ??= error as NonNullable<Totals['fatal_error']>
    say({ type: 'error', severity: 'fatal', ...error }, 'failed')
  }

  const act: Record<Deed['what'], (n: number) => void> = {
    play() {
      if (state !== 'preloading' && state !== 'paused' && state !== 'ended') return
      add('play_request_count')
      say({ type: 'play_request', initiator: 'user', resume: started }, 'starting')
    },
    picture,
    stall() {
      if (state !== 'playing') return
      totals.first_rebuffer_ms ??= totals.playing_ms ?? 0
      add('rebuffer_count')
      if (inAd) addAd('rebuffer_count')
      stalledAt = now
      say({ type: 'rebuffer_start', cause: 'network', detected_by: 'frames' }, 'rebuffering')
    },
    pause() {
      if (state !== 'playing' && state !== 'rebuffering' && state !== 'starting') return
      close('pause', 'paused')
      say({ type: 'pause', reason: 'user' }, 'paused')
    },
    seek(n) {
      if (inBreak || !started || (state !== 'playing' && state !== 'rebuffering' && state !== 'paused'))
        return
      close('seek', 'seeking')
      add('seek_count')
      seekAt = now
      say({ type: 'seek_start', from_ms: playhead }, 'seeking')
      playhead = (n * 997) % 600_000
    },
    end() {
      if (state !== 'playing' || inBreak) return
      say({ type: 'pause', reason: 'ended' }, 'ended')
    },
    fail(n) {
      if (state !== 'failed' && n % 4 === 0) fail(n)
    },
    warn(n) {
      add('error_count', 1 + (n % 3))
      say({ type: 'error', severity: 'warning', category: 'network', code: 'W', count: 1 + (n % 3) })
    },
    block() {
      if (state !== 'starting' || started) return
      add('autoplay_blocked_count')
      waited = 0
      say({ type: 'pause', reason: 'autoplay_blocked' }, 'paused')
    },
    break() {
      if (inBreak && state === 'playing') {
        endBreak()
        // Who leaves at once has left in the break.
        return pass(100)
      }
      if (inBreak) return
      if (state !== 'playing') return
      inBreak = true
      filled = false
      addAd('break_count')
      say({ type: 'ad_break_start', position: 'mid', insertion: 'client' })
    },
    ad(n) {
      if (!inBreak || state !== 'playing') return
      if (inAd) return endAd(n % 2 ? 'completed' : 'skipped')
      if (!filled) addAd('filled_break_count')
      filled = true
      inAd = true
      addAd('start_count')
      if (n % 2) addAd('impression_count')
      addAd('load_ms', 1 + (n % 900))
      addAd('loaded_count')
      say({ type: 'ad_start', load_ms: 1 + (n % 900), impression: n % 2 === 1 })
    },
    freeze(n) {
      say({ type: 'visibility_change', visible: false, cause: 'bfcache' })
      const away_ms = n * 100
      now += away_ms
      if (away_ms > 0) add('away_ms', away_ms)
      stalledAt += away_ms
      seekAt += away_ms
      say({ type: 'visibility_change', visible: true, cause: 'bfcache', away_ms })
    },
    switch(n) {
      if (!started) return
      const next = [400_000, 1_500_000, 3_000_000][n % 3]!
      const isFirst = bitrate === undefined
      if (!isFirst) add('rendition_change_count')
      if (!isFirst && next > bitrate!) add('rendition_upshift_count')
      if (!isFirst && next < bitrate!) add('rendition_downshift_count')
      bitrate = next
      say({
        type: 'rendition_change',
        bitrate_bps: next,
        media: 'video',
        reason: isFirst ? 'initial' : 'abr',
      })
    },
    resize: (n) => say({ type: 'player_change', width_px: 320 + n, height_px: 180 }),
    speed(n) {
      const from_rate = rate
      rate = [1, 2, 1.5][n % 3]!
      say({ type: 'rate_change', rate, from_rate })
    },
    beat,
  }

  say({ type: 'view_start' })
  for (const { what, ms, n } of deeds) {
    act[what](n)
    // Whole at double and at one and a half speed too.
    pass(ms * 2)
  }
  if (end === 'failed' && state !== 'failed') fail(1)
  if (end !== 'lost') {
    close('exit', state)
    if (inBreak && !filled && state !== 'failed') addAd('exit_before_start_count')
    if (inBreak) endBreak()
    const reason = state === 'failed' || state === 'ended' ? state : 'quit'
    say(
      { type: 'view_end', reason, totals: snapshot() },
      state === 'failed' || state === 'ended' ? state : 'quit',
    )
  }
  return { events, totals: snapshot() }
}

const deed = fc.record({
  what: fc.constantFrom(...DEEDS),
  ms: fc.oneof(fc.nat(3000), fc.nat(60_000), fc.constant(0)),
  n: fc.nat(1000),
})

/** What often comes in one go; each deed takes as long as it is given. */
const phrase = fc
  .tuple(
    fc.constantFrom<Deed['what'][]>(
      ['break', 'ad', 'stall', 'picture', 'ad', 'break'],
      ['break', 'ad', 'beat', 'ad', 'ad', 'ad', 'break'],
      ['stall', 'seek', 'picture', 'beat'],
      ['pause', 'freeze', 'play', 'picture'],
      ['end', 'play', 'picture'],
    ),
    fc.nat(5000),
    fc.nat(1000),
  )
  .map(([words, ms, n]) => words.map((what) => ({ what, ms, n })))

/** What most views begin with, so that many of the generated ones play. */
const opening: fc.Arbitrary<Deed[]> = fc
  .record({ wait: fc.nat(2000), start: fc.nat(5000), plays: fc.nat(5) })
  .map(({ wait, start, plays }) =>
    plays === 0
      ? []
      : [
          { what: 'warn', ms: wait, n: 0 },
          { what: 'play', ms: start, n: 0 },
          { what: 'picture', ms: 1000, n: 0 },
          { what: 'switch', ms: 1000, n: 1 },
        ],
  )

/** Views as players have them: started or not, with stalls, seeks, ads, failures and pages put away; with or without an end. */
export const arbitraryView: fc.Arbitrary<PlayedView> = fc
  .record({
    begin: opening,
    deeds: fc
      .array(fc.oneof({ weight: 4, arbitrary: deed.map((one) => [one]) }, phrase), {
        maxLength: 40,
        size: 'max',
      })
      .map((all) => all.flat()),
    end: fc.constantFrom<'quit' | 'lost' | 'failed'>('quit', 'quit', 'lost', 'failed'),
  })
  .map(({ begin, deeds, end }) => playView([...begin, ...deeds], end))
