import { bufferAhead } from '../bufferAhead.ts'
import type { Clock } from '../clock.ts'
import type { View } from '../createView.ts'
import type { Engine, EngineReading, EngineSignals, PlayerError, Rendition } from '../engine.ts'
import { attempt, guard } from '../safely.ts'

/** How long a size that does not tell its rendition waits for the engine's word, ms. */
const UNCLEAR_MS = 300

/** For how long after an engine said that it moves the playhead a seek of the element is that move, ms. */
const JUMP_MS = 500

const isSame = (one: Rendition | undefined, other: Rendition) =>
  !!one &&
  one.width_px === other.width_px &&
  one.height_px === other.height_px &&
  one.bitrate_bps === other.bitrate_bps

/** Follows what a streaming engine tells. Without an engine it answers that it knows nothing, which is the truth. */
export const observeEngine = (
  engine: Engine | undefined,
  read: () => EngineReading,
  video: HTMLVideoElement,
  clock: Clock,
  on: {
    view: () => View
    sourceChange: () => void
    autoplayBlocked: () => void
    /** Scrubs an error and lets the host mark it. */
    tidy: (error: PlayerError) => PlayerError
  },
) => {
  const { view } = on
  let url: string | undefined
  let host: string | undefined
  let jumpsUntil = 0
  let cancelUnclear: (() => void) | undefined
  /** What the engine says is shown, or about to be, and why. */
  let told: { rendition: Rendition; reason: 'abr' | 'user' | 'cap' | 'unknown' } | undefined
  let shown: { rendition: Rendition; of: View } | undefined

  const show = (rendition: Rendition) => {
    const initial = shown?.of !== view()
    if (!initial && isSame(shown?.rendition, rendition)) return
    shown = { rendition, of: view() }
    view().showRendition(rendition, initial ? 'initial' : told ? told.reason : 'unknown', initial)
  }
  /** The element shows this size: that is when a change of rendition is seen. */
  const resize = (width_px: number, height_px: number) => {
    cancelUnclear?.()
    const fits = (rendition: Rendition | undefined) =>
      rendition?.width_px === width_px && rendition.height_px === height_px
    const { renditions = [] } = read()
    const find = () => {
      const fitting = renditions.filter(fits)
      return fits(told?.rendition) ? told!.rendition : fitting[1] ? undefined : fitting[0]
    }
    const say = () => {
      if (!view().playback.inBreak) show(find() || { width_px, height_px })
    }
    // Of several renditions of a size the engine will say which; a size of none is an ad's, and its break is told soon.
    if (find() || !renditions[0]) say()
    else cancelUnclear = clock.setTimer(say, UNCLEAR_MS)
  }

  const error = (raw: PlayerError) => {
    const tidied = on.tidy(raw)
    const { buffer_ms = attempt(() => bufferAhead(video), 0) } = read()
    if (tidied.severity === 'fatal') view().playback.fail(tidied, (view().position() || 0) + buffer_ms)
    else view().warn(tidied)
  }

  const signals: EngineSignals = {
    rendition(rendition, reason, media = 'video') {
      if (media === 'audio')
        return view().record(
          Object.assign({ type: 'rendition_change', reason: reason || 'abr', media } as const, rendition),
        )
      told = { rendition, reason: reason || 'abr' }
      const { videoWidth, videoHeight } = video
      const { width_px = videoWidth, height_px = videoHeight } = rendition
      const isShown = width_px === videoWidth && height_px === videoHeight
      // The first one is said with the first frame.
      if (isShown && view().playback.started) show(rendition)
    },
    host(from, reason) {
      const next = new URL(from, location.href).host
      if (!next || next === host) return
      const from_host = host
      host = next
      view().describe()
      if (from_host) view().record({ type: 'cdn_change', host, from_host, reason: reason || 'unknown' })
    },
    error,
    request: (request) => view().record(Object.assign({ type: 'request' } as const, request)),
    track: (track) => view().record(Object.assign({ type: 'track_change' } as const, track)),
    autoplayBlocked: on.autoplayBlocked,
    jump() {
      jumpsUntil = clock.now() + JUMP_MS
    },
    source(next) {
      const changed = url && next !== url
      url = next
      if (!changed) return
      host = told = undefined
      on.sourceChange()
    },
  }
  const disconnect = engine && attempt(() => engine.connect(guard(signals)))

  return {
    host: () => host,
    error,
    resize,
    isJump: () => clock.now() < jumpsUntil,
    stop() {
      cancelUnclear?.()
      attempt(() => disconnect?.())
    },
  }
}
