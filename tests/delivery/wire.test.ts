import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium } from '../e2e/browser.ts'
import { createCertificate } from './certificate.ts'
import { type Collector, startCollector } from './collector.ts'
import { playScriptedMinute } from './scriptedMinute.ts'
import { type Site, startSite } from './site.ts'
import { account, openBrowser, type Visitor } from './visit.ts'

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
  for (const r of collector.received)
    console.log(
      Math.round(r.at),
      r.method,
      r.mode,
      r.headBytes,
      r.bodyBytes,
      r.batches.map((b) => b.events.map((e) => e.type).join()).join(' | '),
    )
  const body = collector.received.reduce((sum, r) => sum + r.bodyBytes, 0)
  const head = collector.received.reduce((sum, r) => sum + r.headBytes, 0)
  const [view] = account(visitor.captured, collector)
  console.log({
    requests: collector.received.length,
    body,
    head,
    events: view!.delivered,
    per: (body + head) / view!.delivered,
  })
  console.log(JSON.stringify(collector.received[3]!.batches[0]), collector.received[3]!.headers)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  site?.close()
  await collector?.close()
})

it('x', () => {
  expect(account(visitor.captured, collector)).toMatchObject([{ silentlyLost: 0, duplicates: 0 }])
})
