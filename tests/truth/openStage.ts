import { setTimeout as sleep } from 'node:timers/promises'
import type { CapturedEvent } from '@viewbeat/player-sdk'
import type { Browser } from 'playwright-core'
import type { Special, Page as TruthPage } from './page/openPage.ts'
import { PLAYERS, type PlayerName } from './players.ts'
import type { Site } from './site.ts'
import type { RenditionName } from './stream.ts'
import type { Log } from './witness.ts'

/** What both have seen of a scene. `trackedAt`: the page's time at the view's 0. */
export interface Seen {
  log: Log
  events: (CapturedEvent & { seen_at: number })[]
  trackedAt: number
  /** What the page itself complained of: errors that nobody caught. */
  complaints: string[]
}

/** How long to wait for what has to happen, ms. */
const PATIENCE_MS = 20_000

const GESTURES = {
  content: `{
    let touchedAt = Number.NEGATIVE_INFINITY
    addEventListener('pointerdown', () => { touchedAt = performance.now() })
    Object.defineProperty(navigator, 'userActivation', {
      get: () => ({ isActive: performance.now() < touchedAt + 5000 }),
    })
  }`,
}

const options = { timeout: PATIENCE_MS, polling: 50 }

/** A page with a player, a tracker and a witness, and what can be done to it. */
export const openStage = async (
  browser: Browser,
  site: Site,
  name: PlayerName,
  isLive = false,
  special: Special = {},
) => {
  const session = site.openSession()
  // One each: pages of one context share their six connections.
  const context = await browser.newContext()
  // What a test evaluates counts as a gesture; a viewer's is a pointer.
  await context.addInitScript(GESTURES)
  const page = await context.newPage()
  const { page: engine, source } = PLAYERS[name]
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  const words = new URLSearchParams({ source: (isLive ? 'live/' : '') + source })
  for (const word of Object.keys(special)) words.set(word, '')
  await page.goto(`${site.url}${session.path}/${engine}.html?${words}`)

  const run = <T>(work: (truth: TruthPage, argument: string | number) => T, argument: string | number = '') =>
    page.evaluate(
      ([work, argument]) =>
        new Function(`return (${work})`)()((window as unknown as { truth: TruthPage }).truth, argument),
      [work.toString(), argument] as const,
    )
  const until = (condition: string) => page.waitForFunction(condition, undefined, options)

  return {
    page,
    session,
    isLive,
    sleep,
    track: () => run((truth) => truth.track()),
    /** Gives the player something to play, and waits until the element has it: some engines fetch a manifest first. */
    async load(from?: string) {
      await run((truth, from) => truth.load((from as string) || undefined), from)
      await until('truth.video.networkState !== 0')
    },
    /** Gives the player the next clip: the same under another name. */
    async loadNext() {
      await run((truth) => truth.loadNext())
      await until('truth.video.networkState !== 0')
    },
    async announceNext() {
      await run((truth) => truth.announceNext())
      await until('truth.video.networkState !== 0')
    },
    duration: () => run((truth) => truth.video.duration),
    play: () => run((truth) => truth.play()),
    pause: () => run((truth) => truth.pause()),
    seek: (to: number) => run((truth, to) => truth.seek(to as number), to),
    setRate: (rate: number) => run((truth, rate) => truth.setRate(rate as number), rate),
    block: (ms: number) => run((truth, ms) => truth.block(ms as number), ms),
    /** Stops the clock of the element, as the lack of data would. */
    blip: (ms: number) =>
      run((truth, ms) => {
        truth.video.playbackRate = 0
        truth.video.dispatchEvent(new Event('waiting'))
        setTimeout(() => {
          truth.video.playbackRate = 1
          truth.video.dispatchEvent(new Event('playing'))
        }, ms as number)
      }, ms),
    hide: () => run((truth) => truth.hide()),
    beat: () => run((truth) => truth.beat()),
    /** The viewer clicks on the picture. */
    click: () => page.mouse.click(100, 100),
    switchTo: (rendition: RenditionName) =>
      run((truth, rendition) => truth.switchTo(rendition as RenditionName), rendition),
    /** Waits until the player is kept waiting for media. */
    async untilHeld() {
      for (const since = Date.now(); !session.waiting; await sleep(20))
        if (Date.now() - since > PATIENCE_MS) throw new Error('No media was asked for.')
    },
    /** Waits until the picture shows this place of the media, s. */
    untilAt: (seconds: number) => until(`(truth.witness.frames.at(-1)?.mediaTime ?? 0) >= ${seconds}`),
    /** Waits until no frame has come for so long, ms. */
    untilStill: (ms = 400) =>
      until(
        `truth.witness.frames.length && performance.now() - truth.witness.frames.at(-1).presentationTime > ${ms}`,
      ),
    /** Waits until frames come again. */
    async untilMoving() {
      const before = await run((truth) => truth.witness.frames.length)
      await until(`truth.witness.frames.length > ${before + 3}`)
    },
    untilEnded: () => until('truth.video.ended'),
    /** Waits until the picture has this width. */
    untilWidth: (width: number) => until(`truth.witness.frames.at(-1)?.width === ${width}`),
    /** Ends the view, closes the page and tells what was seen. */
    async finish(): Promise<Seen> {
      const seen = (await run((truth) => truth.finish())) as Omit<Seen, 'complaints'>
      session.release()
      await context.close()
      return { ...seen, complaints }
    },
    close: () => context.close(),
  }
}

/** A page with a player, a tracker and a witness, and what can be done to it. */
export type Stage = Awaited<ReturnType<typeof openStage>>
