import { setImmediate as settle } from 'node:timers/promises'
import type { Batch } from '@viewbeat/schema'
import { vi } from 'vitest'
import { ads } from '../../src/ads/ads.ts'
import type { AdSignals } from '../../src/engine.ts'
import type { CapturedEvent, Tracker } from '../../src/options.ts'
import { memoryTransport } from '../../src/testing/index.ts'
import { trackVideo } from '../../src/trackVideo.ts'
import { createManifest } from './createManifest.ts'
import type { CreateEngine, FakeEngine } from './fakeEngine.ts'
import { fakeVideo } from './fakeVideo.ts'
import { pageTime } from './pageTime.ts'
import type { AdHint, Sample, Trace } from './trace.ts'

const tellAds = (signals: AdSignals, { tells, ...about }: AdHint) => {
  const calls: Record<AdHint['tells'], () => void> = {
    break_start: () => signals.breakStart(about),
    start: () => signals.start(about),
    quartile: () => signals.quartile(about.quartile as 1 | 2 | 3),
    click: () => signals.click(),
    end: () => signals.end(about.reason as 'completed' | 'skipped' | undefined),
    error: () => signals.error(about),
    break_end: () => signals.breakEnd(),
  }
  calls[tells]()
}

/** What the SDK made of a trace. */
export interface Replayed {
  events: CapturedEvent[]
  batches: Batch[]
}

/** Replays a trace in a page's virtual time; answers what the SDK made of it. `lateness` is that of the page's timers. */
export const replay = async (
  { samples, ends_at, media_source }: Pick<Trace, 'samples' | 'ends_at' | 'media_source'>,
  createEngine: CreateEngine,
  lateness: (n: number) => number = () => 0,
): Promise<Replayed> => {
  const time = pageTime(lateness)
  let engine: FakeEngine | undefined
  const updates = !samples.some(({ event }) => event === 'timeupdate')
  const element = fakeVideo(time, (...of) => engine!.urlOf(...of), updates)
  const manifest = createManifest(element.video, time.now, !!media_source)
  engine = createEngine(element.video, manifest)
  const { error, jump, load, rendition, segment } = engine
  const transport = memoryTransport()
  const events: CapturedEvent[] = []
  let tracker: Tracker | undefined

  const apply = (sample: Sample) => {
    const { engine: hint = {} } = sample
    manifest.say(hint)
    if (sample.source) load(sample.source)
    if (hint.host) segment(`https://${hint.host}/1.m4s`)
    if (hint.rendition !== undefined) rendition(hint.rendition)
    if (hint.error) error(hint.error, tracker!)
    if (sample.ads) tellAds(tracker!.ads!, sample.ads)
    if (hint.jump) jump(hint.jump, () => element.apply(sample))
    else element.apply(sample)
  }
  try {
    for (const sample of samples) {
      // Samples of one time follow one another in one task.
      if (sample.at > time.now() || !tracker) await time.passTo(sample.at)
      else await settle()
      apply(sample)
      tracker ||= trackVideo(element.video, {
        endpoint: '/v1/events',
        key: 'pk_traces',
        content: { id: 'trace' },
        ads: ads(),
        ...(engine.engine && { engine: engine.engine }),
        transport,
        onEvent: (event) => events.push(event),
      })
    }
    await time.passTo(ends_at)
    tracker!.stop()
    await time.passTo(ends_at)
    return { events, batches: transport.batches }
  } finally {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  }
}
