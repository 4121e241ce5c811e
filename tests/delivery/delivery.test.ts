import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { describe, it } from 'vitest'
import { launchChromium } from '../e2e/browser.ts'
import { eventually } from '../e2e/pipeline.ts'
import { openStage, type Scene } from './stage.ts'
import { account, settle, unanswered, watchFor } from './visit.ts'

const stage = openStage()

/** Plays a scene, then holds the account: all that was captured is delivered or reported, and none that was answered for comes again. */
const scene = (play: (scene: Scene) => Promise<void>, on?: () => Browser) =>
  stage.scene(async (scene) => {
    const { captured, collector, expect } = scene
    await play(scene)
    const views = await settle(captured, collector)
    expect(captured.length).toBeGreaterThan(3)
    for (const view of views) expect(view, JSON.stringify(views)).toMatchObject({ silentlyLost: 0 })
    const repeated = views.reduce((sum, view) => sum + view.duplicates, 0)
    expect(repeated, JSON.stringify(views)).toBeLessThanOrEqual(unanswered(collector))
  }, on)

/** Something happens several times within a moment. */
const burst = (page: Page, events = 6) =>
  page.evaluate((events) => {
    const { tracker } = window as unknown as { tracker: { track(name: string, value: unknown): void } }
    for (let n = 0; n < events; n++) tracker.track('burst', { n, title: 'Ünïcödé '.repeat(40) })
  }, events)

/** The page's own hook has told of what was captured. */
const isTold = async ({ captured }: Pick<Scene, 'captured'>, type: string, times: number) => {
  while (captured.filter((event) => event.type === type).length < times) await sleep(20)
  // What is captured is kept, for a crash, a moment later.
  await sleep(300)
}

const close = (page: Page) => page.close({ runBeforeUnload: true })

/** Chromium does not hide pages that are automated; the SDK asks for nothing but this. */
const show = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)

/** Null when the page came out of the back/forward cache. */
const whyNotRestored = () => {
  const [entry] = performance.getEntriesByType('navigation') as unknown as { notRestoredReasons: unknown }[]
  return JSON.stringify(entry!.notRestoredReasons)
}

const eventsOf = ({ collector }: Pick<Scene, 'collector'>) =>
  collector.received.flatMap(({ batches }) => batches.flatMap(({ events }) => events))

describe.concurrent('no event is lost silently, none comes twice that was answered for, and no preflight is asked, when the collector', () => {
  it(
    'answers 503 for 20 s',
    scene(async ({ visit, collector }) => {
      const page = await visit()
      await watchFor(page, 3)
      collector.behave({ kind: 'answer', status: 503 })
      await watchFor(page, 20)
      collector.behave({ kind: 'accept' })
      await watchFor(page, 5)
      await close(page)
    }),
  )

  it(
    'refuses connections for 20 s',
    scene(async ({ visit, collector }) => {
      const page = await visit()
      await watchFor(page, 3)
      await Promise.all([collector.refuseFor(20_000), watchFor(page, 20)])
      await watchFor(page, 5)
      await close(page)
    }),
  )

  it(
    'answers 429 with Retry-After for 10 s, which is obeyed',
    scene(async ({ visit, collector, expect }) => {
      const page = await visit()
      await watchFor(page, 3)
      collector.behave({ kind: 'answer', status: 429, retryAfterS: 5 })
      await watchFor(page, 12)
      collector.behave({ kind: 'accept' })
      await watchFor(page, 7)
      const { received } = collector
      const refused = received.findIndex(({ status }) => status === 429)
      expect(refused).toBeGreaterThan(0)
      expect(received[refused + 1]!.at - received[refused]!.at).toBeGreaterThanOrEqual(5000)
      await close(page)
    }),
  )

  it(
    'answers 10 s late for 20 s, and one request at a time waits for it',
    scene(async ({ visit, collector, expect }) => {
      const page = await visit({ heartbeatMs: 2000 })
      await watchFor(page, 3)
      collector.behave({ kind: 'accept', afterMs: 10_000 })
      const before = collector.received.length
      await watchFor(page, 20)
      collector.behave({ kind: 'accept' })
      expect(collector.received.length - before).toBeLessThanOrEqual(3)
      await watchFor(page, 12)
      await close(page)
    }),
  )

  it(
    'takes a batch and its answer is lost: only that batch comes again',
    scene(async ({ visit, collector, expect }) => {
      const page = await visit()
      await watchFor(page, 3)
      collector.behave({ kind: 'loseOneAnswer' })
      await watchFor(page, 14)
      expect(collector.received.filter(({ status }) => !status)).toHaveLength(1)
      await close(page)
    }),
  )
})

describe.concurrent('nor when the page', () => {
  it(
    'is closed with events un-sent',
    scene(async ({ visit, captured }) => {
      const page = await visit()
      await watchFor(page, 2)
      await burst(page)
      await isTold({ captured }, 'custom', 8)
      await close(page)
    }),
  )

  it(
    'is left with events un-sent, one of them caused by a later listener of pagehide',
    scene(async ({ visit, captured, collector }) => {
      const page = await visit()
      await watchFor(page, 2)
      await page.evaluate(() => {
        const { tracker } = window as unknown as { tracker: { track(name: string): void } }
        addEventListener('pagehide', () => tracker.track('late'))
      })
      await burst(page)
      await isTold({ captured }, 'custom', 8)
      await page.goto('about:blank')
      await eventually(
        () => eventsOf({ collector }).find((event) => event.type === 'custom' && event.name === 'late'),
        'the event of the later listener',
      )
    }),
  )

  it(
    'is closed during an outage and visited again, with consent',
    scene(async ({ visit, collector, captured, expect }) => {
      const page = await visit({ consent: 'granted' })
      await watchFor(page, 2)
      const outage = collector.refuseFor(4000)
      await watchFor(page, 2)
      await burst(page)
      await isTold({ captured }, 'custom', 10)
      await close(page)
      await outage
      const next = await visit({ consent: 'granted' })
      await sleep(3000)
      expect((await settle(captured, collector))[0]).toMatchObject({ missing: [] })
      expect(await next.evaluate(() => Object.keys(localStorage))).toEqual([])
      await close(next)
    }),
  )

  it(
    'crashes',
    scene(async ({ visit, captured }) => {
      const page = await visit()
      await watchFor(page, 2)
      await burst(page)
      await isTold({ captured }, 'custom', 8)
      await page.goto('chrome://crash').catch(() => {})
    }),
  )

  it('loses its process', async ({ expect }) => {
    const own = await launchChromium()
    try {
      await scene(
        async ({ visit, captured }) => {
          const page = await visit()
          await watchFor(page, 2)
          await burst(page)
          await isTold({ captured }, 'custom', 8)
          const session = await own.newBrowserCDPSession()
          const { processInfo } = await session.send('SystemInfo.getProcessInfo')
          for (const { type, id } of processInfo) if (type === 'renderer') process.kill(id, 'SIGKILL')
        },
        () => own,
      )({ expect })
    } finally {
      await own.close()
    }
  })

  it(
    'is hidden with 200 events of multi-byte titles, and goes back to batching when it is shown',
    scene(async ({ visit, collector, captured, expect }) => {
      const page = await visit()
      await sleep(2000)
      await burst(page, 200)
      await show(page, 'hidden')
      await isTold({ captured }, 'custom', 200)
      await settle(captured, collector)
      expect(eventsOf({ collector }).length).toBeGreaterThanOrEqual(200)
      await show(page, 'visible')
      const before = collector.received.length
      await burst(page, 5)
      await sleep(1500)
      expect(collector.received.length - before).toBe(0)
      await close(page)
    }),
  )

  it(
    'is offline for 8 s',
    scene(async ({ visit, context }) => {
      const page = await visit()
      await watchFor(page, 3)
      await context.setOffline(true)
      await watchFor(page, 8)
      await context.setOffline(false)
      await watchFor(page, 2)
      await close(page)
    }),
  )

  it(
    'is shared with a library that uses up the 64 KiB of requests that outlive it',
    scene(async ({ visit, captured, expect }) => {
      const page = await visit()
      const other = await stage.startCollector()
      other.behave({ kind: 'hold' })
      await watchFor(page, 2)
      await page.evaluate((url) => {
        void fetch(url, { method: 'POST', body: 'x'.repeat(65_000), keepalive: true, mode: 'no-cors' }).catch(
          () => {},
        )
      }, other.endpoint)
      await sleep(200)
      await watchFor(page, 11)
      await burst(page, 30)
      await isTold({ captured }, 'custom', 43)
      const isUsedUp = (url: string) => !navigator.sendBeacon(url, 'x'.repeat(2000))
      expect(await page.evaluate(isUsedUp, other.endpoint)).toBe(true)
      await close(page)
      await sleep(1000)
      await other.close()
    }),
  )

  it(
    'stored events that five tabs find at once: they are delivered by one',
    scene(async ({ visit, collector, captured, expect }) => {
      const page = await visit({ consent: 'granted' })
      const outage = collector.refuseFor(3000)
      await burst(page, 50)
      await isTold({ captured }, 'custom', 50)
      await close(page)
      await outage
      const tabs = await Promise.all([1, 2, 3, 4, 5].map(() => visit({ consent: 'granted' })))
      await sleep(3000)
      expect(collector.received.length).toBeLessThanOrEqual(6)
      await Promise.all(tabs.map(close))
    }),
  )

  it(
    'may reach nobody, ever: requests stay few, the console clean',
    // Not the account: what nobody can be told is counted in the page only.
    stage.scene(async ({ visit, context, collector, expect }) => {
      let attempts = 0
      await context.route(`${collector.endpoint}**`, (route) => {
        attempts++
        return route.abort('blockedbyclient')
      })
      await watchFor(await visit(), 30)
      expect(attempts).toBeGreaterThan(1)
      expect(attempts).toBeLessThanOrEqual(10)
    }),
  )
})

// By itself, and again if need be: a browser that is busy may let go of the page, for reasons of its own ("masked").
it(
  'a page that goes into the back/forward cache and comes back goes on with its view, nothing lost',
  { retry: 2 },
  scene(async ({ visit, collector, captured, expect }) => {
    const page = await visit()
    await watchFor(page, 2)
    await burst(page)
    await isTold({ captured }, 'custom', 8)
    await page.goto(`${stage.siteUrl()}/other#${encodeURIComponent('{"enabled":false}')}`)
    await sleep(2000)
    await page.evaluate(() => history.back())
    await page.waitForFunction(() => location.pathname === '/watch')
    expect(await page.evaluate(whyNotRestored)).toBe('null')
    await watchFor(page, 2)
    const views = account(captured, collector)
    expect(views).toHaveLength(1)
    await close(page)
    await settle(captured, collector)
    const back = eventsOf({ collector }).find(
      (event) => event.type === 'visibility_change' && event.cause === 'bfcache' && event.visible,
    )
    expect(back).toMatchObject({ away_ms: expect.any(Number) })
  }),
)
