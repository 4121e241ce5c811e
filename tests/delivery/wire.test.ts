import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../e2e/browser.ts'
import { createCertificate } from './certificate.ts'
import { type Collector, startCollector } from './collector.ts'
import { playScriptedMinute } from './scriptedMinute.ts'
import { type Site, startSite } from './site.ts'
import { account, openBrowser, type Visitor } from './visit.ts'

describe('a scripted minute of HLS', () => {
  let browser: Browser
  let site: Site
  let collector: Collector
  let visitor: Visitor

  beforeAll(async () => {
    const certificate = await createCertificate()
    ;[browser, site, collector] = await Promise.all([
      launchChromium(),
      startSite(certificate),
      startCollector(certificate),
    ])
    visitor = await openBrowser(browser, site.url, collector)
    const page = await visitor.visit({ hls: true })
    await playScriptedMinute(page, site)
    await page.close({ runBeforeUnload: true })
    await sleep(2500)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await collector?.close()
  })

  it('is delivered whole, each event once', () => {
    expect(account(visitor.captured, collector)).toMatchObject([{ missing: [], duplicates: 0, dropped: 0 }])
    expect(collector.failures).toEqual([])
  })

  it('takes at most 7 requests, none of them a preflight', () => {
    expect(collector.received.map(({ method }) => method)).toEqual(
      Array(collector.received.length).fill('POST'),
    )
    expect(collector.received.length).toBeLessThanOrEqual(7)
  })

  it('takes at most 9,200 bytes of bodies and headers', () => {
    const bytes = collector.received.reduce((sum, { headBytes, bodyBytes }) => sum + headBytes + bodyBytes, 0)
    const events = collector.received.flatMap(({ batches }) => batches.flatMap(({ events }) => events)).length
    expect(events).toBeGreaterThan(15)
    expect(bytes).toBeLessThanOrEqual(9200)
  })

  it('is packed where it is worth it, in a type that gateways hand on as bytes; never on the way out', () => {
    const types = collector.received.map(({ headers }) => headers['content-type'])
    expect(types.slice(0, 2)).toEqual(Array(2).fill('application/x-www-form-urlencoded'))
    expect(types.at(-1)).toBe('text/plain;charset=UTF-8')
  })
})
