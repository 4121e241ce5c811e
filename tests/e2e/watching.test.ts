import { setTimeout as sleep } from 'node:timers/promises'
import { checkOrder, type FlatEvent, WIRE_VERSION } from '@viewbeat/schema'
import { compareTotals, countTotals } from '@viewbeat/schema/view'
import type { StoredView } from '@viewbeat/sinks'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  callVideo,
  launchChromium,
  openTrackedPage,
  readViewId,
  readWitness,
  type Witness,
} from './browser.ts'
import {
  askFaults,
  eventually,
  newDataDir,
  type Pipeline,
  readArchive,
  readView,
  startPipeline,
} from './pipeline.ts'

/** How far a measured time may be from what the page's own frames say, ms. */
const TOLERANCE_MS = 100
/** Twice as fast as the video plays, so that it buffers ahead but never all of it. */
const MEDIA_BYTES_PER_S = 40_000
const FRAME_MS = 1000 / 30

const callAt = ({ calls }: Witness, name: string, nth = 0) =>
  calls.filter((call) => call.name === name)[nth]!.at

const firstFrameAfter = ({ frames }: Witness, at: number) => frames.find((frame) => frame.at > at)!.at

/** The longest time without a frame between two moments, less the one frame that was still due. */
const longestFreeze = ({ frames }: Witness, from: number, to: number) => {
  const times = frames.map(({ at }) => at).filter((at) => at >= from && at <= to)
  return Math.max(...times.slice(1).map((at, index) => at - times[index]!)) - FRAME_MS
}

/** What was watched, as the page saw it, as the store has it, and as the archive has it. */
interface Watched {
  witness: Witness
  stored: StoredView
  archived: FlatEvent[]
}

const watch = async (browser: Browser): Promise<Watched> => {
  const pipeline = await startPipeline(await newDataDir())
  try {
    return await watchOn(pipeline, await browser.newContext())
  } finally {
    pipeline.process.kill('SIGKILL')
  }
}

const watchOn = async (pipeline: Pipeline, context: BrowserContext): Promise<Watched> => {
  await askFaults(pipeline.url, { media_bytes_per_s: MEDIA_BYTES_PER_S })
  const page = await openTrackedPage(context, pipeline.url)
  const viewId = await readViewId(page)

  await sleep(1000)
  await callVideo(page, 'play')
  await sleep(3000)
  await callVideo(page, 'pause')
  await sleep(1000)
  await callVideo(page, 'play')
  await sleep(1000)
  await callVideo(page, 'seek', 15)
  await sleep(2000)

  await askFaults(pipeline.url, { hold_media_ms: 60_000 })
  await page.waitForFunction(() => document.querySelector('video')!.readyState < 3, undefined, {
    timeout: 30_000,
  })
  await sleep(2000)
  await askFaults(pipeline.url, { hold_media_ms: 0, media_bytes_per_s: 0 })
  await sleep(1500)

  await askFaults(pipeline.url, { collector_down_ms: 5000 })
  await sleep(2500)
  await callVideo(page, 'pause')
  await sleep(500)
  await callVideo(page, 'play')
  await sleep(3500)
  await page.close({ runBeforeUnload: true })
  const witness = await readWitness(context, pipeline.url)

  // Requests of a page that goes may overtake one another.
  const stored = await eventually(async () => {
    const found = await readView(pipeline.url, viewId)
    return found?.view.end_reason && found.events.length === found.view.seq + 1 ? found : undefined
  }, 'the whole view in the store')
  await pipeline.interrupt()
  const archived = (await readArchive(pipeline.dataDir)).filter(({ view_id }) => view_id === viewId)
  return { witness, stored, archived }
}

describe('a video watched in Chromium, stalled by the server, without a collector for 5 s, its tab closed', () => {
  let browser: Browser
  let { witness, stored, archived } = {} as Watched
  let watching: Promise<Watched> | undefined

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    watching ??= watch(browser)
    ;({ witness, stored, archived } = await watching)
  }, 120_000)
  // A machine that stutters fails it now and then: it is watched once more, and what is wrong is wrong again.
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') watching = undefined
  })

  it('has every event of the view in the store once, none missing', () => {
    expect(stored.events.map(({ seq }) => seq)).toEqual(stored.events.map((_, index) => index))
    expect(stored.accounting).toEqual({ delivered: stored.view.seq + 1, quarantined: 0, dropped: 0 })
  })

  it('has them in an order that keeps every rule of the contract', () => {
    expect(checkOrder(stored.events)).toEqual([])
  })

  it('has totals that its events bear out', () => {
    const { totals } = stored.events.at(-1) as unknown as { totals: Record<string, number> }
    const compared = compareTotals(totals, countTotals(stored.events), WIRE_VERSION)
    for (const { name, gap, isEstimate } of compared)
      if (!isEstimate) expect(Math.abs(gap), name).toBeLessThanOrEqual(name.endsWith('_ms') ? 5 : 0)
  })

  it('has the same events in the archive', () => {
    const withoutStoredAt = stored.events.map(({ stored_at, ...event }) => event)
    // A copy of what was under way when the page went may be there: whoever reads the archive takes the first of each.
    const bySeq = new Map(
      archived.toSorted((a, b) => b.received_at - a.received_at).map((event) => [event.seq, event]),
    )
    expect([...bySeq.values()].toSorted((a, b) => a.seq - b.seq)).toEqual(withoutStoredAt)
  })

  it('ends with view_end and its totals', () => {
    expect(stored.events.at(-1)).toMatchObject({ type: 'view_end', reason: 'unload', state: 'quit' })
    expect(stored.view).toMatchObject({
      outcome: 'quit',
      seek_count: 1,
      rebuffer_count: 1,
      play_request_count: 3,
    })
  })

  it('gives each moment of the view to one state', () => {
    const { view } = stored
    const sum =
      view.preloading_ms +
      view.starting_ms +
      view.playing_ms +
      view.seeking_ms +
      view.rebuffering_ms +
      view.paused_ms
    expect(sum).toBe(view.elapsed_ms)
  })

  it('measures the startup as the time from play() to the first frame', () => {
    const asked = callAt(witness, 'play')
    const truth = firstFrameAfter(witness, asked) - asked
    expect(Math.abs(stored.view.startup_ms! - truth)).toBeLessThan(TOLERANCE_MS)
  })

  it('measures the stall as the time that no frame came', () => {
    const seek = callAt(witness, 'seek')
    const truth = longestFreeze(witness, firstFrameAfter(witness, seek), callAt(witness, 'pause', 1))
    expect(truth).toBeGreaterThan(1800)
    expect(Math.abs(stored.view.rebuffering_ms - truth)).toBeLessThan(TOLERANCE_MS)
  })

  it('measures the pauses as the times between pause() and play()', () => {
    const truth = [0, 1].reduce(
      (sum, nth) => sum + callAt(witness, 'play', nth + 1) - callAt(witness, 'pause', nth),
      0,
    )
    expect(Math.abs(stored.view.paused_ms - truth)).toBeLessThan(TOLERANCE_MS)
  })

  it('measures the seek as the time to the first frame at the new place', () => {
    const asked = callAt(witness, 'seek')
    const there = witness.frames.find(({ at, mediaTime }) => at > asked && mediaTime >= 15)!.at
    expect(Math.abs(stored.view.seeking_ms - (there - asked))).toBeLessThan(TOLERANCE_MS)
  })

  it('measures as playing what is left of the time from the first frame to the closing of the tab', () => {
    const { view } = stored
    const all = witness.hiddenAt - firstFrameAfter(witness, callAt(witness, 'play'))
    const rest =
      view.paused_ms + view.rebuffering_ms + view.seeking_ms + (view.starting_ms - view.startup_ms!)
    expect(Math.abs(view.playing_ms - (all - rest))).toBeLessThan(TOLERANCE_MS)
  })

  it('counts as played the media that was rendered', () => {
    const { frames } = witness
    const rendered = frames.slice(1).reduce((sum, { mediaTime }, index) => {
      const step = mediaTime - frames[index]!.mediaTime
      return step > 0 && step < 1 ? sum + step * 1000 : sum
    }, 0)
    // A frame for each time that it begins to move: it moves from the second one on.
    expect(Math.abs(stored.view.content_ms - rendered)).toBeLessThan(TOLERANCE_MS + 2 * FRAME_MS)
  })
})
