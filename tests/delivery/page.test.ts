import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { describe, it } from 'vitest'
import type { Collector } from './collector.ts'
import { openStage } from './stage.ts'
import { settle, watchFor } from './visit.ts'

type Tracker = { viewId: string; track(name: string): void; setConsent(consent: string): void; stop(): void }
type Tracked = Window & { tracker: Tracker; track(video: Element, options?: object): Tracker }

const { scene } = openStage()

/** All that a page can leave on a device. */
const stored = (page: Page) =>
  page.evaluate(async () => [
    document.cookie,
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    ...(await indexedDB.databases()).map(({ name }) => name),
    ...(await caches.keys()),
  ])

const setConsent = (page: Page, consent: string) =>
  page.evaluate((consent) => (window as unknown as Tracked).tracker.setConsent(consent), consent)

const eventsOf = ({ received }: Collector) =>
  received.flatMap(({ batches }) => batches.flatMap(({ events }) => events))

const contextsOf = ({ received }: Collector) =>
  received.flatMap(({ batches }) => batches.map(({ context }) => context))

describe.concurrent('a viewer who', () => {
  it(
    'has not chosen yet is not measured; who grants is, from the beginning, under one view id',
    scene(async ({ visit, collector, captured, expect }) => {
      const page = await visit({ consent: 'pending' })
      await watchFor(page, 12)
      expect(collector.received).toEqual([])
      expect(await stored(page)).toEqual([''])
      await setConsent(page, 'granted')
      const [view, ...others] = await settle(captured, collector)
      expect(others).toEqual([])
      expect(view!.delivered).toBeGreaterThan(15)
      expect(eventsOf(collector)[0]).toMatchObject({ seq: 0, type: 'view_start' })
      for (const { consent } of contextsOf(collector)) expect(consent).toBe('granted')
      await page.close({ runBeforeUnload: true })
      expect(await settle(captured, collector)).toMatchObject([{ missing: [] }])
    }),
  )

  it(
    'denies is not measured, and what waited is given up',
    scene(async ({ visit, collector, expect }) => {
      const page = await visit({ consent: 'pending' })
      await watchFor(page, 2)
      await setConsent(page, 'denied')
      await watchFor(page, 2)
      await page.close({ runBeforeUnload: true })
      await sleep(1500)
      expect(collector.received).toEqual([])
    }),
  )

  it(
    'denies may be measured as nobody: what waited is given up and counted, no visit ties views together',
    scene(async ({ visit, collector, captured, expect }) => {
      const page = await visit({ consent: 'pending', whenDenied: 'anonymous' })
      await watchFor(page, 2)
      await setConsent(page, 'denied')
      await watchFor(page, 2)
      expect(await stored(page)).toEqual([''])
      await page.close({ runBeforeUnload: true })
      const [view] = await settle(captured, collector)
      expect(view).toMatchObject({ silentlyLost: 0 })
      expect(view!.dropped).toBeGreaterThan(3)
      for (const { visit_id, view_id, context, dropped } of collector.received.flatMap(
        ({ batches }) => batches,
      )) {
        expect(visit_id).toBe(view_id)
        expect(context.consent).toBe('denied')
        expect(dropped).toEqual({ consent: view!.dropped })
      }
    }),
  )

  it(
    'withdraws leaves nothing on the device',
    scene(async ({ visit, collector, expect }) => {
      const page = await visit({ consent: 'granted' })
      collector.behave({ kind: 'answer', status: 503 })
      await watchFor(page, 2)
      expect((await stored(page)).length).toBe(2)
      await setConsent(page, 'denied')
      await sleep(200)
      expect(await stored(page)).toEqual([''])
    }),
  )

  it(
    'sends Global Privacy Control is not tied to other views, and nothing is stored, consent or not',
    scene(async ({ visit, collector, captured, expect }) => {
      const page = await visit({ consent: 'granted' }, '/watch', () =>
        Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }),
      )
      collector.behave({ kind: 'answer', status: 503 })
      await watchFor(page, 2)
      expect(await stored(page)).toEqual([''])
      collector.behave({ kind: 'accept' })
      await page.close({ runBeforeUnload: true })
      await settle(captured, collector)
      const batches = collector.received.flatMap(({ batches }) => batches)
      expect(batches.length).toBeGreaterThan(0)
      for (const { visit_id, view_id, context } of batches) {
        expect(visit_id).toBe(view_id)
        expect(context.gpc).toBe(true)
      }
    }),
  )
})

describe.concurrent('a page', () => {
  it(
    'that turns the SDK off has no request, no listener and no storage of it',
    scene(async ({ visit, collector, expect }) => {
      const page = await visit({ enabled: false }, '/watch', () => {
        const counted = window as unknown as { listeners: number }
        counted.listeners = 0
        const add = EventTarget.prototype.addEventListener
        EventTarget.prototype.addEventListener = function (...args) {
          counted.listeners++
          return add.apply(this, args)
        }
      })
      await watchFor(page, 2)
      expect(await page.evaluate(() => (window as unknown as { listeners: number }).listeners)).toBe(0)
      expect(await stored(page)).toEqual([''])
      await page.close({ runBeforeUnload: true })
      await sleep(1000)
      expect(collector.received).toEqual([])
    }),
  )

  it(
    'under a strict content security policy is measured without a violation',
    scene(async ({ visit, collector, captured, expect }) => {
      const page = await visit({}, `/watch?strict=${new URL(collector.endpoint).origin}`)
      await watchFor(page, 3)
      await page.close({ runBeforeUnload: true })
      expect(await settle(captured, collector)).toMatchObject([{ missing: [] }])
      expect(JSON.stringify(contextsOf(collector))).not.toContain('strict')
    }),
  )

  it(
    'in an old browser, whose storage throws, is measured',
    scene(async ({ visit, collector, captured, expect }) => {
      const page = await visit({ consent: 'granted' }, '/watch', () => {
        const broken = () => {
          throw new Error('not here')
        }
        Object.defineProperty(window, 'localStorage', { get: broken })
        for (const name of ['AbortController', 'fetchLater', 'CompressionStream'])
          Object.defineProperty(window, name, { value: undefined })
        Object.defineProperty(navigator, 'sendBeacon', { value: undefined })
        Object.defineProperty(navigator, 'locks', { value: undefined })
        Object.defineProperty(HTMLVideoElement.prototype, 'requestVideoFrameCallback', { value: undefined })
      })
      await watchFor(page, 12)
      await page.evaluate(() => (window as unknown as Tracked).tracker.stop())
      expect(await settle(captured, collector)).toMatchObject([{ missing: [], duplicates: 0 }])
    }),
  )

  it(
    'that includes the SDK twice, or two copies of it, is measured by each without harm',
    scene(async ({ visit, collector, captured, expect }) => {
      const page = await visit()
      const other = await page.evaluate(async () => {
        const first = (window as unknown as { viewbeat?: unknown }).viewbeat
        const include = () =>
          new Promise((done) => {
            const script = document.createElement('script')
            script.src = '/sdk.js'
            script.onload = done
            document.head.append(script)
          })
        await include()
        const isSame = first === (window as unknown as { viewbeat: unknown }).viewbeat
        ;(window as unknown as { viewbeat?: unknown }).viewbeat = undefined
        await include()
        const tracked = window as unknown as Tracked
        return { isSame, viewId: tracked.track(document.querySelector('video')!).viewId }
      })
      expect(other.isSame).toBe(true)
      await watchFor(page, 3)
      await page.close({ runBeforeUnload: true })
      const views = await settle(captured, collector)
      expect(views).toHaveLength(2)
      for (const view of views) expect(view).toMatchObject({ missing: [], duplicates: 0 })
      expect(views.map(({ view }) => view)).toContain(other.viewId)
    }),
  )

  it(
    'that tracks and stops a hundred times keeps no listener, no timer and no player',
    scene(async ({ visit, context, expect }) => {
      const page = await visit({ enabled: false })
      const session = await context.newCDPSession(page)
      const count = async () => {
        await session.send('HeapProfiler.collectGarbage')
        const { metrics } = await session.send('Performance.getMetrics')
        return metrics.find(({ name }) => name === 'JSEventListeners')!.value
      }
      await session.send('Performance.enable')
      const cycle = (times: number) =>
        page.evaluate(async (times) => {
          const { track } = window as unknown as Tracked
          const players = window as unknown as { players: WeakRef<Element>[] }
          players.players = []
          for (let n = 0; n < times; n++) {
            const video = document.createElement('video')
            const tracker = track(video, { enabled: true, onEvent: undefined })
            tracker.track('here')
            tracker.stop()
            players.players.push(new WeakRef(video))
          }
          await new Promise((done) => setTimeout(done, 2000))
        }, times)
      await cycle(1)
      const before = await count()
      await cycle(100)
      expect(await count()).toBe(before)
      const left = await page.evaluate(() => {
        const { players } = window as unknown as { players: WeakRef<Element>[] }
        return players.filter((player) => player.deref()).length
      })
      expect(left).toBeLessThanOrEqual(1)
    }),
  )
})
