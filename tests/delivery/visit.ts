import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import type { Collector } from './collector.ts'

/** What the page's own hook saw: the truth that the collector is held to. */
export interface Captured {
  view: string
  seq: number
  type: string
}

/** A person's browser: it outlives the tabs, keeps the origin's storage, and notes what the pages captured and complained of. */
export const openBrowser = async (browser: Browser, siteUrl: string, collector: Collector) => {
  const context = await browser.newContext()
  const captured: Captured[] = []
  const complaints: string[] = []
  await context.exposeFunction('captured', (view: string, seq: number, type: string) => {
    captured.push({ view, seq, type })
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  return {
    context,
    captured,
    complaints,
    /** Opens a page with a tracked video; `init` runs in it before anything else. */
    async visit(options: Record<string, unknown> = {}, path = '/watch', init?: () => void): Promise<Page> {
      const page = await context.newPage()
      if (init) await page.addInitScript(init)
      page.on('console', (message) => {
        // What the browser itself says of a request that failed cannot be silenced by a page.
        if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text())
      })
      const hash = encodeURIComponent(JSON.stringify({ endpoint: collector.endpoint, ...options }))
      await page.goto(`${siteUrl}${path}#${hash}`)
      return page
    },
  }
}

export type Visitor = Awaited<ReturnType<typeof openBrowser>>

/** The account of a run: each view's captured events against what was delivered and what was reported as dropped. */
export const account = (captured: Captured[], { received }: Collector) => {
  const batches = received.flatMap(({ batches }) => batches)
  const views = new Set([...captured.map(({ view }) => view), ...batches.map(({ view_id }) => view_id)])
  return [...views].map((view) => {
    const own = batches.filter(({ view_id }) => view_id === view)
    const seqs = own.flatMap(({ events }) => events.map(({ seq }) => seq))
    const delivered = new Set(seqs)
    const reported = own.map(({ dropped = {} }) => Object.values(dropped).reduce((a, b) => a + b, 0))
    const dropped = Math.max(0, ...reported)
    const generated = captured.filter((event) => event.view === view)
    const missing = generated
      .filter(({ seq }) => !delivered.has(seq))
      .map(({ seq, type }) => `${seq} ${type}`)
    return {
      view,
      generated: generated.length,
      delivered: delivered.size,
      dropped,
      duplicates: seqs.length - delivered.size,
      missing,
      /** Events neither delivered nor reported. */
      silentlyLost: Math.max(0, missing.length - dropped),
    }
  })
}

/** What is under way has this long to arrive, ms, and copies of what has arrived so long after it. */
const ARRIVAL_MS = 15_000
const COPIES_MS = 1500

/** The account of a run once it adds up, or will not. */
export const settle = async (captured: Captured[], collector: Collector) => {
  const isWhole = () => account(captured, collector).every(({ silentlyLost }) => silentlyLost === 0)
  for (const until = Date.now() + ARRIVAL_MS; !isWhole() && Date.now() < until; ) await sleep(50)
  await sleep(COPIES_MS)
  return account(captured, collector)
}

/** Events in batches that were taken and whose answer no page can have seen: these may come again. */
export const unanswered = ({ received }: Collector) =>
  received
    .filter(({ status, mode }) => status !== 202 || mode === 'no-cors')
    .flatMap(({ batches }) => batches)
    .reduce((sum, { events }) => sum + events.length, 0)

/** How long a page is let live, doing what viewers do, once a second. */
export const watchFor = async (page: Page, seconds: number) => {
  for (let second = 0; second < seconds; second++) {
    await page.evaluate((second) => {
      const video = document.querySelector('video')!
      const { tracker } = window as unknown as { tracker: { track(name: string, value: unknown): void } }
      if (second % 5 === 3) video.currentTime = (video.currentTime + 7) % 15
      else if (second % 5 === 1) video.pause()
      else void video.play().catch(() => {})
      tracker.track('second', { second })
    }, second)
    await page.waitForTimeout(1000)
  }
}
