import { vi } from 'vitest'
import type { PageTime } from './pageTime.ts'
import type { Sample } from './trace.ts'

const UPDATE_MS = 250
const PAGE_EVENTS = ['pagehide', 'pageshow']
const DOCUMENT_EVENTS = ['visibilitychange', 'freeze', 'resume']

const ranges = (of: readonly (readonly [number, number])[]): TimeRanges => ({
  length: of.length,
  start: (index) => of[index]![0],
  end: (index) => of[index]![1],
})

/**
 * A `<video>` in a page, both of which do and show what the samples of a trace say. `urlOf`: what `currentSrc` has of a
 * source. `updates`: it fires `timeupdate` by itself.
 */
export const fakeVideo = (
  time: PageTime,
  urlOf: (source: string, attachment: number) => string,
  updates: boolean,
) => {
  const video = document.createElement('video')
  const held: Required<
    Omit<Sample, 'at' | 'event' | 'persisted' | 'frame' | 'dropped' | 'engine' | 'ads' | 'error'>
  > & {
    error?: number
  } = {
    source: '',
    currentTime: 0,
    moving: false,
    fps: 0,
    readyState: 0,
    paused: true,
    seeking: false,
    ended: false,
    duration: 'unknown',
    buffered: [],
    playbackRate: 1,
    loop: false,
    autoplay: false,
    muted: false,
    width: 0,
    height: 0,
    visible: true,
    userActivation: false,
    suspended: false,
    timers_ms: 0,
  }
  let currentSrc = ''
  let attachments = 0
  let played: [number, number][] = []
  /** What moves now: since when, from where, and the frames before. */
  let since = 0
  let from = 0
  let framesFrom = 0
  let framesSince = 0
  let framesDropped = 0
  let lastFrame = Number.NEGATIVE_INFINITY
  let update: number | undefined
  let tick: number | undefined
  let callbacks = new Map<number, VideoFrameRequestCallback>()
  let callbackIds = 0

  const runs = () => held.moving && !held.suspended
  const flows = () => runs() && held.fps > 0
  const duration = () =>
    held.duration === 'unknown'
      ? Number.NaN
      : held.duration === 'infinite'
        ? Number.POSITIVE_INFINITY
        : held.duration
  const currentTime = () => {
    if (!runs()) return from
    const at = from + ((time.now() - since) / 1000) * held.playbackRate
    return Math.min(at, duration() || Number.POSITIVE_INFINITY)
  }
  const frames = () =>
    framesFrom + (flows() ? Math.floor(((time.now() - framesSince) * held.fps) / 1000) + 1 : 0)

  const showFrame = (mediaTime = currentTime()) => {
    lastFrame = time.now()
    if (!held.visible) return
    const waiting = callbacks
    callbacks = new Map()
    for (const call of waiting.values())
      call(time.now(), {
        presentationTime: time.now(),
        expectedDisplayTime: time.now(),
        width: held.width,
        height: held.height,
        mediaTime,
        presentedFrames: frames(),
      })
  }
  const schedule = () => {
    time.cancel(tick)
    tick = undefined
    if (!flows() || callbacks.size === 0) return
    const period = 1000 / held.fps
    let k = Math.max(0, Math.ceil((time.now() - framesSince) / period - 1e-6))
    if (framesSince + k * period <= lastFrame) k++
    tick = time.callAt(framesSince + k * period, () => {
      showFrame()
      schedule()
    })
  }
  const scheduleUpdate = () => {
    time.cancel(update)
    if (!updates || !runs()) return
    update = time.callBy(time.now() + UPDATE_MS, () => {
      scheduleUpdate()
      video.dispatchEvent(new Event('timeupdate'))
    })
  }

  const getters: Record<string, () => unknown> = {
    currentTime,
    duration,
    currentSrc: () => currentSrc,
    buffered: () => ranges(held.buffered),
    played: () => {
      const all = [...played, ...(runs() ? [[from, currentTime()] as const] : [])].sort(([a], [b]) => a - b)
      const merged: [number, number][] = []
      for (const [start, end] of all) {
        const last = merged.at(-1)
        if (last && start <= last[1] + 0.001) last[1] = Math.max(last[1], end)
        else merged.push([start, end])
      }
      return ranges(merged)
    },
    videoWidth: () => held.width,
    videoHeight: () => held.height,
    networkState: () => (held.source ? 2 : 0),
    error: () => (held.error ? { code: held.error, message: '' } : null),
    requestVideoFrameCallback: () => (call: VideoFrameRequestCallback) => {
      callbacks.set(++callbackIds, call)
      schedule()
      return callbackIds
    },
    cancelVideoFrameCallback: () => (id: number) => void callbacks.delete(id),
    getVideoPlaybackQuality: () => () => ({ totalVideoFrames: frames(), droppedVideoFrames: framesDropped }),
  }
  for (const name of [
    'readyState',
    'paused',
    'seeking',
    'ended',
    'playbackRate',
    'loop',
    'autoplay',
    'muted',
  ] as const)
    getters[name] = () => held[name]
  for (const [name, get] of Object.entries(getters)) Object.defineProperty(video, name, { get })

  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => (held.visible ? 'visible' : 'hidden'))
  vi.stubGlobal(
    'navigator',
    new Proxy(navigator, {
      get: (real, name) =>
        name === 'userActivation' ? { isActive: held.userActivation } : Reflect.get(real, name, real),
    }),
  )

  const fire = (type: string, persisted = false) => {
    const target = PAGE_EVENTS.includes(type) ? window : DOCUMENT_EVENTS.includes(type) ? document : video
    const event = new Event(type)
    Object.defineProperty(event, 'timeStamp', { value: time.now() })
    target.dispatchEvent(Object.assign(event, PAGE_EVENTS.includes(type) ? { persisted } : {}))
  }

  return {
    video,
    /** What is to come into the element, which `currentSrc` has a moment later. */
    source: () => held.source,
    apply({ at: _, event, persisted, frame, dropped = 0, engine: __, ads: ___, ...changes }: Sample) {
      const at = currentTime()
      if (runs()) played.push([from, at])
      const shown = frames()
      const flow = flows() && held.fps
      const wasMoving = runs()
      from = changes.currentTime ?? at
      since = time.now()
      const { source } = held
      Object.assign(held, changes)
      if (held.source !== source) played = []
      time.suspend(held.suspended)
      time.throttle(held.timers_ms)
      if (event === 'loadstart' || (held.readyState > 0 && !currentSrc))
        currentSrc = urlOf(held.source, ++attachments)
      if (flow !== (flows() && held.fps)) {
        framesFrom = shown
        framesSince = time.now()
      }
      schedule()
      if (runs() !== wasMoving) scheduleUpdate()
      framesFrom += dropped
      framesDropped += dropped
      if (frame !== undefined) {
        framesFrom++
        showFrame(frame === true ? undefined : frame)
      }
      if (event) fire(event, persisted)
    },
  }
}
