import type { Content, Context, EventOf, PlayerEvent } from '@viewbeat/schema'
import { type Batch, type Losses, lose, withEvents } from './batch.ts'
import type { Clock } from './clock.ts'
import type { Rendition } from './engine.ts'
import { SPEC } from './limits.ts'
import type { CapturedEvent, Consent, OutgoingBatch, TrackOptions } from './options.ts'
import { createErrorLog } from './playback/createErrorLog.ts'
import { createFrameCount, type Frames } from './playback/createFrameCount.ts'
import { createMotion, type Look, patience } from './playback/createMotion.ts'
import { createPlayback, type Draft, type Playback, type State } from './playback/createPlayback.ts'
import { createPlayhead } from './playback/createPlayhead.ts'
import { createBatcher, type FlushReason } from './queue/createBatcher.ts'
import { createFlushTimer } from './queue/createFlushTimer.ts'
import { attempt } from './safely.ts'
import { SDK } from './sdk.ts'

/** What a view asks of the element it watches. Every probe is read anew when an event needs it. */
export interface Probes {
  /** Position, ms; null when there is none. */
  playhead: () => number | null
  rate: () => number
  frames: () => Frames | undefined
  /** Media that was on screen, each part once, ms. */
  seenOnce: () => number | undefined
  /** What a heartbeat says of the player beside the totals. */
  standing: () => Pick<EventOf<'heartbeat'>, 'buffer_ms' | 'throughput_bps' | 'live'>
  /** What `playhead` is to be shifted by to be a wall-clock time, ms; undefined where the media have none. */
  toEpoch: () => number | undefined
  describe: (content: Content) => Context
}

/** How long urgent events wait for each other, ms: a start is several within a moment, and one request. */
const URGENT_MS = 900
const URGENT: readonly string[] = ['view_start', 'first_frame', 'error']

/** How often playhead and frames are read between events, ms: elements offer it four times a second. */
const SAMPLE_MS = 900

/** States in which time passes for the viewer, so that the view reports by itself. */
const BEATING: readonly string[] = ['starting', 'playing', 'seeking', 'rebuffering']

/** ms between heartbeats after a view's first minute. */
const MAX_INTERVAL_MS = 30_000

/** How long a heartbeat waits for a picture that may have begun to stand, ms, and how often: that of slides may always have. */
const DOUBT_MS = 250
const DOUBTS = 4

/** Behind the live edge by more than this a viewer watches a recording, and latency says nothing, ms. */
const NEAR_EDGE_MS = 300_000

type Stamp = Pick<PlayerEvent, 'seq' | 'ts' | 't_ms' | 'playhead_ms' | 'state'>
type ViewStart = EventOf<'view_start'>
type EndReason = EventOf<'view_end'>['reason']

/** One view: gives its events their numbers and times, and closes them into batches, each ending with totals. */
export const createView = ({
  viewId,
  visitId,
  chosen,
  watching,
  opening,
  clock,
  probes,
  settings,
  onCapture,
  onBatch,
}: {
  viewId: string
  /** Asked for with each batch: what the viewer has chosen decides whether views are tied together. */
  visitId: () => string
  chosen: () => Consent | undefined
  watching: Content
  opening: Omit<ViewStart, keyof Stamp | 'type'>
  clock: Clock
  probes: Probes
  settings: Pick<TrackOptions, 'heartbeatMs' | 'maxAgeMs' | 'beforeSend'>
  onCapture: (event: CapturedEvent) => void
  onBatch: (batch: Batch, reason: FlushReason) => void
}) => {
  const begin = clock.now()
  const elapsed = () => Math.max(0, Math.round(clock.now() - begin))
  /** ms to the next heartbeat: close in the first minute, in which most views are won or lost. */
  const interval = (at: number) => settings.heartbeatMs || (at > 50_000 ? MAX_INTERVAL_MS : 10_000)
  const lost: Losses = {}
  let seq = 0
  let endsWithTotals = false
  let closed = false
  let sampledAt = 0
  let doubted = 0
  let lookedAt = -MAX_INTERVAL_MS
  let isHidden = false
  let waitingSince: number | undefined
  let waitsAtEnd = false
  let unique_ms: number | undefined
  let frozenAt: number | undefined
  let cause: 'bfcache' | 'freeze'

  // Read when it changes, not when it is sent: by then the element may hold the next content already.
  let described: Context
  const describe = (corrected = watching) => {
    watching = corrected
    described = probes.describe(watching)
  }
  describe()
  const batcher = createBatcher(() => lose({ lost }, 'too_large', 1))
  const timer = createFlushTimer(clock, (reason) => flush(reason))
  const playhead = createPlayhead(probes.playhead, probes.rate)
  const countFrames = createFrameCount(probes.frames)
  const frames = () => countFrames(!isHidden)
  const motion = createMotion()

  /** Stamps and keeps an event; answers whether the batch is full. */
  const capture = (draft: Draft, state: State | 'quit', t_ms: number) => {
    const ts = clock.epoch() - elapsed() + t_ms
    const event = Object.assign(
      { seq, type: draft.type, ts, t_ms, playhead_ms: playhead.sample(elapsed()), state },
      draft,
    ) as PlayerEvent
    const shift = probes.toEpoch()
    if (shift !== undefined)
      for (const key of ['playhead_ms', 'from_ms', 'to_ms'] as const) {
        const position = (event as unknown as Record<typeof key, number | null | undefined>)[key]
        if (typeof position === 'number')
          Object.assign(event, { [key]: position + shift, playhead_kind: 'epoch' })
      }
    // First, because it can throw on what the host gave, and a number must not be used up for nothing.
    const json = JSON.stringify(event)
    seq++
    endsWithTotals = 'totals' in event
    const full = batcher.push(json)
    onCapture(Object.assign({ view_id: viewId }, event))
    return full
  }

  const playback: Playback = createPlayback({
    elapsed,
    interval: Math.max(MAX_INTERVAL_MS, settings.heartbeatMs || 0),
    playhead,
    emit: (draft, state, at) => {
      if (closed) return
      if (capture(draft, state, at)) flush('full')
      else if (URGENT.includes(draft.type)) timer.arm('urgent', URGENT_MS)
      else timer.arm('age', Math.min(settings.maxAgeMs || Number.POSITIVE_INFINITY, interval(at)))
    },
  })
  /** Says a stall that has lasted long enough to be one, before anything else is said. */
  const sayStall = (at = elapsed()) => {
    if (waitingSince !== undefined && at - waitingSince >= patience(waitsAtEnd))
      playback.stand({ since: waitingSince, by: 'event' })
  }
  const record = (draft: Draft) => {
    sayStall()
    playback.emit(draft)
  }

  const errors = createErrorLog(clock, playback.warn)
  const sample = () => {
    playback.follow()
    frames()
    if (!playback.inBreak) unique_ms = Math.max(unique_ms || 0, probes.seenOnce() || 0) || undefined
  }

  const captureTotals = (draft: Draft, state: State | 'quit', at: number) => {
    sample()
    const { page_load_ms } = opening
    const totals = Object.assign({ page_load_ms }, playback.totals(at), frames(), { unique_ms })
    return capture(Object.assign(draft, { totals }), state, at)
  }

  /** Events as the batch they leave in, edited by the host; with none where the host wants none of it. */
  const toBatch = (events: string[], bytes: number | undefined, of: Losses) => {
    const context = Object.assign({}, described, { consent: chosen() })
    let head: object = { spec: SPEC, sdk: SDK, visit_id: visitId(), view_id: viewId, context }
    let kept = events
    if (settings.beforeSend) {
      kept = []
      bytes = undefined
      // What it throws, or answers that is no batch, drops the batch: it may have been about to take something out.
      attempt(() => {
        const whole = Object.assign({ events: JSON.parse(`[${events}]`) }, head) as OutgoingBatch
        const edited = settings.beforeSend!(whole)!
        kept = edited.events.map((event) => JSON.stringify(event))
        head = Object.assign({}, edited, { events: undefined })
      })
    }
    const text = JSON.stringify(head).slice(0, -1)
    const batch = withEvents({ at: clock.epoch(), view: viewId, head: text, events, lost: of }, kept, bytes)
    lose(batch, 'before_send', events.length - kept.length)
    return batch
  }

  /** Closes the batch with totals and hands it on; an empty one only while the view is beating. */
  const flush = (reason: FlushReason) => {
    timer.disarm()
    // What is said after a stall began, and before it is made out, would push its begin back: so a heartbeat leaves with a
    // look that sees the picture move, where there are looks.
    if (
      reason === 'heartbeat' &&
      playback.state === 'playing' &&
      elapsed() < lookedAt + 2 * DOUBT_MS &&
      doubted++ < DOUBTS
    )
      return timer.arm(reason, DOUBT_MS)
    doubted = 0
    sayStall()
    const beating = !closed && BEATING.includes(playback.state)
    if (!batcher.events.length && !beating) return
    const at = elapsed()
    if (!endsWithTotals || !batcher.events.length) {
      const status = probes.standing()
      const { latency_ms, edge_distance_ms = 0 } = status.live || {}
      playback.setLatency(edge_distance_ms < NEAR_EDGE_MS ? latency_ms : undefined)
      captureTotals(Object.assign({ type: 'heartbeat', totals: {} } as const, status), playback.state, at)
    }
    const { bytes } = batcher
    const batch = toBatch(batcher.take(), bytes, lost)
    if (batch.events.length) onBatch(batch, reason)
    endsWithTotals = false
    if (beating) timer.arm('heartbeat', interval(at))
  }

  playback.emit(Object.assign({ type: 'view_start', heartbeat_interval_ms: interval(0) } as const, opening))

  return {
    viewId,
    elapsed,
    /** The position as it was last read, ms. */
    position: playhead.at,
    playback,
    record,
    flush,
    describe,
    /** What is captured and not in a batch yet, as the batch it would be if the page ended now. */
    tail: () => toBatch(batcher.events, batcher.bytes, Object.assign({}, lost)),
    /** Gives up what is not in a batch yet. */
    forget: () => lose({ lost }, 'consent', batcher.take().length),
    /** Another rendition is on screen. */
    showRendition(rendition: Rendition, reason: EventOf<'rendition_change'>['reason'], initial: boolean) {
      sayStall()
      playback.follow()
      playhead.setBitrate(rendition.avg_bitrate_bps || rendition.bitrate_bps)
      playback.rendition(Object.assign({ reason }, rendition), initial)
    },
    /** An error that playback goes on after. */
    warn: errors.add,
    /** The page is hidden, or shown. */
    setHidden(hidden: boolean) {
      if (hidden) errors.flush()
      frames()
      isHidden = hidden
      motion.reset()
      playback.setHidden(hidden)
    },
    /** The element says that it waits for data, since `ago` ms ago. */
    wait(atEnd: boolean, ago = 0) {
      waitingSince ??= Math.round(elapsed() - ago)
      waitsAtEnd = atEnd
    },
    pause(reason: EventOf<'pause'>['reason']) {
      sayStall()
      waitingSince = undefined
      playback.pause(reason)
    },
    end() {
      waitingSince = undefined
      playback.end()
    },
    /** The picture has begun to move, `ago` ms ago. */
    move(ago = 0) {
      const at = Math.round(elapsed() - ago)
      sayStall(at)
      waitingSince = undefined
      motion.reset()
      playback.move(at)
    },
    /** The playhead is about to be, or is, elsewhere: what was seen of it until now says nothing. */
    leave(bySeek?: 'user' | 'api') {
      sayStall()
      waitingSince = undefined
      motion.reset()
      if (bySeek) playback.seek(bySeek)
      else {
        playhead.leave(elapsed(), playback.state === 'playing')
        playback.follow()
      }
    },
    /**
     * Follows a playing element, a few times in a second: whether its picture moves, and its playhead and frames, because
     * when the source changes it is too late to read them. Answers whether the picture stands still.
     */
    look(seen: Omit<Look, 'at' | 'waitingSince'>) {
      const at = elapsed()
      playback.pass(seen.position)
      const still = motion.look(Object.assign({ at, waitingSince }, seen))
      if (still) playback.stand(Object.assign({ buffer_ms: probes.standing().buffer_ms }, still))
      else playback.follow()
      lookedAt = at
      if (doubted && !motion.doubts) {
        doubted = DOUBTS
        flush('heartbeat')
      }
      if (at >= sampledAt + SAMPLE_MS) {
        sampledAt = at
        sample()
      }
      return !!still
    },
    /** The page is frozen, or goes into the back/forward cache: time stands still until `thaw`. */
    freeze(why: 'bfcache' | 'freeze') {
      if (frozenAt !== undefined) return
      cause = why
      errors.flush()
      record({ type: 'visibility_change', visible: false, cause })
      flush('pagehide')
      playback.setAway(true)
      frozenAt = elapsed()
    },
    thaw() {
      if (frozenAt === undefined) return
      const away_ms = elapsed() - frozenAt
      motion.reset()
      frozenAt = undefined
      playback.setAway(false, away_ms)
      record({ type: 'visibility_change', visible: true, cause, away_ms })
    },
    /** Says why the view ends and hands its last batch on; nothing is recorded after it. */
    close(reason: EndReason, flushReason: FlushReason = 'view_end') {
      if (closed) return
      errors.flush()
      playback.close()
      closed = true
      const { state } = playback
      const final = state === 'ended' || state === 'failed' ? state : undefined
      captureTotals({ type: 'view_end', reason: final || reason, totals: {} }, final || 'quit', elapsed())
      flush(flushReason)
    },
  }
}

/** One view. */
export type View = ReturnType<typeof createView>
