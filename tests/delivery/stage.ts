import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, type TestContext } from 'vitest'
import { launchChromium } from '../e2e/browser.ts'
import { createCertificate } from './certificate.ts'
import { type Collector, startCollector } from './collector.ts'
import { type Site, startSite } from './site.ts'
import { openBrowser, type Visitor } from './visit.ts'

/** Most bytes a body may have, so that it always fits a keepalive request. */
const MAX_BODY_BYTES = 60 * 1024

/** What a scene is played with: a visitor of its own, and a collector. */
export interface Scene extends Visitor {
  collector: Collector
  expect: TestContext['expect']
}

/**
 * A site and a Chromium for all scenes of a file. `scene` makes a test: it plays against a collector of its own, and then
 * holds what every scene has to keep; `on` plays it in another browser.
 */
export const openStage = () => {
  let certificate: Awaited<ReturnType<typeof createCertificate>>
  let site: Site
  let browser: Browser
  beforeAll(async () => {
    certificate = await createCertificate()
    ;[site, browser] = await Promise.all([startSite(certificate), launchChromium()])
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  return {
    siteUrl: () => site.url,
    startCollector: () => startCollector(certificate),
    scene:
      (play: (scene: Scene) => Promise<void>, on = () => browser) =>
      async ({ expect }: Pick<Scene, 'expect'>) => {
        const collector = await startCollector(certificate)
        const visitor = await openBrowser(on(), site.url, collector)
        try {
          await play({ ...visitor, collector, expect })
          expect(collector.failures).toEqual([])
          expect(visitor.complaints).toEqual([])
          for (const { method, bodyBytes, headers } of collector.received) {
            expect(method).toBe('POST')
            expect(headers.cookie).toBeUndefined()
            expect(bodyBytes).toBeLessThanOrEqual(MAX_BODY_BYTES)
          }
        } finally {
          await visitor.context.close()
          await collector.close().catch(() => {})
        }
      },
  }
}
