import type { Content, Context, PlayerEvent } from '@viewbeat/schema'
import type { Clock } from './clock.ts'
import { SPEC } from './limits.ts'
import type { CapturedEvent } from './options.ts'
import { createFrameCount, type Frames } from './playback/createFrameCount.ts'
import { createPlayback, type Draft, type Playback } from './playback/createPlayback.ts'
import { createPlayhead } from './playback/createPlayhead.ts'
import type { State } from './playback/createStateClock.ts'
import { createBatcher, type FlushReason, type Losses, type SealedBatch } from './queue/createBatcher.ts'
import { createFlushTimer } from './queue/createFlushTimer.ts'
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
const URGENT_MS = 250
const URGENT: ReadonlySet<string> = new Set(['view_start', 'first_frame', 'error'])

/** States in which time passes for the viewer, so that the view reports by itself. */
const BEATING: ReadonlySet<string> = new Set(['starting', 'playing', 'seeking', 'rebuffering'])

/** ms between heartbeats: close in the first minute, in which most views are won or lost. */
const heartbeatInterval = (elapsed: number) => (elapsed < 60_000 ? 10_000 : 30_000)

type Stamp = Pick<PlayerEvent, 'seq' | 'ts' | 't_ms' | 'playhead_ms' | 'state'>
type ViewStart = Extract<PlayerEvent, { type: 'view_start' }>
type EndReason = Extract<PlayerEvent, { type: 'view_end' }>['reason']

/** One view: gives its events their numbers and times, and closes them into batches, each ending with totals. */
export const createView = ({
  viewId,
  visitId,
  content,
  start,
  clock,
  probes,
  maxAgeMs,
  onEvent,
  onBatch,
}: {
  viewId: string
  visitId: string
  content: Content
  start: Omit<ViewStart, keyof Stamp | 'type'>
  clock: Clock
  probes: Probes
  maxAgeMs: number | undefined
  onEvent: (event: CapturedEvent) => void
  onBatch: (batch: SealedBatch, reason: FlushReason) => void
}) => {
  const begin = clock.now()
  const elapsed = () => Math.max(0, Math.round(clock.now() - begin))
  const losses: Losses = {}
  let seq = 0
  let endsWithTotals = false
  let closed = false
  let frozenAt = 0

  // Read when it changes, not when it is sent: by then the element may hold the next content already.
  let described = JSON.stringify(probes.describe(content))
  const stampHeader = () => {
    const context = described
    return () =>
      `{"spec":"${SPEC}","sdk":${JSON.stringify(SDK)},"visit_id":"${visitId}","view_id":"${viewId}",` +
      `"sent_at":${clock.epoch()},"context":${context},"dropped":${JSON.stringify(losses)}`
  }
  const batcher = createBatcher({
    header: stampHeader,
    lose: (reason, events) => {
      losses[reason] = (losses[reason] ?? 0) + events
    },
  })
  const timer = createFlushTimer(clock, (reason) => flush(reason))
  const playhead = createPlayhead(probes.playhead, probes.rate)
  const frames = createFrameCount(probes.frames)

  /** Stamps and keeps an event; answers whether the batch is full. */
  const capture = (draft: Draft, state: State | 'quit', t_ms: number) => {
    const stamp = {
      seq,
      type: draft.type,
      ts: Math.round(clock.epoch()),
      t_ms,
      playhead_ms: playhead.sample(t_ms),
      state,
    }
    const event = Object.assign(stamp, draft) as PlayerEvent
    // First, because it can throw on what the host gave, and a number must not be used up for nothing.
    const json = JSON.stringify(event)
    seq++
    endsWithTotals = 'totals' in event
    const full = batcher.push(json)
    onEvent(Object.assign({ view_id: viewId }, event))
    return full
  }

  const record = (draft: Draft, state: State, at: number) => {
    if (closed) return
    const full = capture(draft, state, at)
    const interval = heartbeatInterval(at)
    if (full) flush('full')
    else if (URGENT.has(draft.type)) timer.arm('urgent', URGENT_MS)
    else timer.arm('age', Math.min(maxAgeMs ?? interval, interval))
  }

  const playback: Playback = createPlayback({ elapsed, playhead, emit: record })

  const totals = (now: number) => Object.assign(playback.totals(now), frames())

  /** Closes the batch with totals and hands it on; an empty one only while the view is beating. */
  function flush(reason: FlushReason) {
    timer.disarm()
    const beating = !closed && BEATING.has(playback.state)
    if (batcher.size === 0 && !beating) return
    const now = elapsed()
    if (!endsWithTotals || batcher.size === 0)
      capture({ type: 'heartbeat', totals: totals(now), buffer_ms: probes.buffer_ms() }, playback.state, now)
    if (batcher.size > 0) onBatch(batcher.seal(), reason)
    endsWithTotals = false
    if (beating) timer.arm('heartbeat', heartbeatInterval(now))
  }

  playback.emit(
    Object.assign({ type: 'view_start', heartbeat_interval_ms: heartbeatInterval(0) } as const, start),
    0,
  )

  return {
    viewId,
    playback,
    record: (draft: Draft) => playback.emit(draft),
    flush,
    /** Follows playhead and frames between events: when the source changes it is too late to read them. */
    sample() {
      playhead.sample(elapsed())
      frames()
    },
    /** The page goes into the back/forward cache: time stands still until `thaw`. */
    freeze() {
      playback.emit({ type: 'visibility_change', visible: false, cause: 'bfcache' })
      flush('pagehide')
      playback.setAway(true)
      frozenAt = elapsed()
    },
    thaw() {
      const away_ms = elapsed() - frozenAt
      playback.setAway(false, away_ms)
      playback.emit({ type: 'visibility_change', visible: true, cause: 'bfcache', away_ms })
    },
    /** What is being watched has become known better, or is corrected; later batches say so. */
    describe(corrected: Content = content) {
      content = corrected
      described = JSON.stringify(probes.describe(content))
    },
    /** Says why the view ends and hands its last batch on; nothing is recorded after it. */
    close(reason: EndReason, flushReason: FlushReason = 'view_end') {
      if (closed) return
      playback.close()
      closed = true
      const { state } = playback
      const final = state === 'ended' || state === 'failed'
      const now = elapsed()
      capture(
        { type: 'view_end', reason: final ? state : reason, totals: totals(now) },
        final ? state : 'quit',
        now,
      )
      flush(flushReason)
    },
  }
}

/** One view. */
export type View = ReturnType<typeof createView>
