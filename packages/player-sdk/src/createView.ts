import type { Content, Context, PlayerEvent } from '@viewbeat/schema'
import { type Batch, type Losses, lose, withEvents } from './batch.ts'
import type { Clock } from './clock.ts'
import { SPEC } from './limits.ts'
import type { CapturedEvent, Consent, OutgoingBatch, TrackOptions } from './options.ts'
import { createFrameCount, type Frames } from './playback/createFrameCount.ts'
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
  buffer_ms: () => number
  frames: () => Frames | undefined
  describe: (content: Content) => Context
}

/** How long urgent events wait for each other, ms: a start is several within a moment, and one request. */
const URGENT_MS = 900
const URGENT: readonly string[] = ['view_start', 'first_frame', 'error']

/** How often playhead and frames are read between events, ms: elements offer it four times a second. */
const SAMPLE_MS = 900

/** States in which time passes for the viewer, so that the view reports by itself. */
const BEATING: readonly string[] = ['starting', 'playing', 'seeking', 'rebuffering']

type Stamp = Pick<PlayerEvent, 'seq' | 'ts' | 't_ms' | 'playhead_ms' | 'state'>
type ViewStart = Extract<PlayerEvent, { type: 'view_start' }>
type EndReason = Extract<PlayerEvent, { type: 'view_end' }>['reason']

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
  const interval = (at: number) => settings.heartbeatMs || (at > 50_000 ? 30_000 : 10_000)
  const lost: Losses = {}
  let seq = 0
  let endsWithTotals = false
  let closed = false
  let sampledAt = 0
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
  const frames = createFrameCount(probes.frames)

  /** Stamps and keeps an event; answers whether the batch is full. */
  const capture = (draft: Draft, state: State | 'quit', t_ms: number) => {
    const event = Object.assign(
      { seq, type: draft.type, ts: clock.epoch(), t_ms, playhead_ms: playhead.sample(t_ms), state },
      draft,
    ) as PlayerEvent
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
    playhead,
    emit: (draft, state, at) => {
      if (closed) return
      if (capture(draft, state, at)) flush('full')
      else if (URGENT.includes(draft.type)) timer.arm('urgent', URGENT_MS)
      else timer.arm('age', Math.min(settings.maxAgeMs || Number.POSITIVE_INFINITY, interval(at)))
    },
  })
  const record = (draft: Draft) => playback.emit(draft)

  const captureTotals = (draft: Draft, state: State | 'quit', at: number) =>
    capture(Object.assign(draft, { totals: Object.assign(playback.totals(at), frames()) }), state, at)

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
    const beating = !closed && BEATING.includes(playback.state)
    if (!batcher.events.length && !beating) return
    const at = elapsed()
    if (!endsWithTotals || !batcher.events.length)
      captureTotals({ type: 'heartbeat', totals: {}, buffer_ms: probes.buffer_ms() }, playback.state, at)
    const { bytes } = batcher
    const batch = toBatch(batcher.take(), bytes, lost)
    if (batch.events.length) onBatch(batch, reason)
    endsWithTotals = false
    if (beating) timer.arm('heartbeat', interval(at))
  }

  playback.emit(Object.assign({ type: 'view_start', heartbeat_interval_ms: interval(0) } as const, opening))

  return {
    viewId,
    playback,
    record,
    flush,
    describe,
    /** What is captured and not in a batch yet, as the batch it would be if the page ended now. */
    tail: () => toBatch(batcher.events, batcher.bytes, Object.assign({}, lost)),
    /** Gives up what is not in a batch yet. */
    forget: () => lose({ lost }, 'consent', batcher.take().length),
    /** Follows playhead and frames between events: when the source changes it is too late to read them. */
    sample() {
      const at = elapsed()
      if (at < sampledAt + SAMPLE_MS) return
      sampledAt = at
      playhead.sample(at)
      frames()
    },
    /** The page is frozen, or goes into the back/forward cache: time stands still until `thaw`. */
    freeze(why: 'bfcache' | 'freeze') {
      if (frozenAt !== undefined) return
      cause = why
      record({ type: 'visibility_change', visible: false, cause })
      flush('pagehide')
      playback.setAway(true)
      frozenAt = elapsed()
    },
    thaw() {
      if (frozenAt === undefined) return
      const away_ms = elapsed() - frozenAt
      frozenAt = undefined
      playback.setAway(false, away_ms)
      record({ type: 'visibility_change', visible: true, cause, away_ms })
    },
    /** Says why the view ends and hands its last batch on; nothing is recorded after it. */
    close(reason: EndReason, flushReason: FlushReason = 'view_end') {
      if (closed) return
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
