import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launchChromium } from '../e2e/browser.ts'
import { eventually } from '../e2e/pipeline.ts'
import { createTurns } from '../truth/createTurns.ts'
import type { AdsPage, Happening } from './page/openPage.ts'
import { type Site, startSite } from './site.ts'

/** Calls something of a page. */
export const callPage = <N extends keyof AdsPage>(page: Page, name: N, ...args: Parameters<AdsPage[N]>) =>
  page.evaluate(
    ([name, args]) => {
      const { adsPage } = window as unknown as { adsPage: Record<string, (...args: unknown[]) => unknown> }
      return adsPage[name as string]!(...(args as unknown[]))
    },
    [name, args] as const,
  ) as Promise<Awaited<ReturnType<AdsPage[N]>>>

/** How long things may take: several pages at once decode without a GPU, ms. */
const LONG_MS = 45_000

/** What happened in a page, once a thing of this name has happened so often. */
export const happeningsUntil = (page: Page, name: string, times = 1) =>
  eventually(
    async () => {
      const happenings = await callPage(page, 'happenings')
      return happenings.filter((happening) => happening.name === name).length >= times
        ? happenings
        : undefined
    },
    `${name} ${times} times`,
    LONG_MS,
  )

/** What the SDK was told, without what the element did. */
export const toldIn = (happenings: Happening[]) =>
  happenings.filter(({ name }) => !name.startsWith('*')).map(({ name, about }) => [name, about])

/** A site and a Chromium for all tests of a file, with so many pages at a time. */
export const openAdsStage = (atATime: number) => {
  let browser: Browser
  let site: Site
  const inTurn = createTurns(atATime)
  beforeAll(async () => {
    ;[browser, site] = await Promise.all([launchChromium(), startSite()])
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })
  return {
    siteUrl: () => site.url,
    /** Opens a page with these scripts, when it is its turn, and closes it after `visit`. */
    visitPage: <T>(scripts: string[], visit: (page: Page) => Promise<T>) =>
      inTurn(async () => {
        const page = await browser.newPage()
        await page.goto(`${site.url}/page.html?scripts=${scripts.join()}`)
        return visit(page).finally(() => page.close())
      }),
  }
}

/** A site and a Chromium for all tests of a file. */
export type AdsStage = ReturnType<typeof openAdsStage>
