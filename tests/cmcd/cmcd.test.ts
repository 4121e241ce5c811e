import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { launchChromium } from '../e2e/browser.ts'
import { eventually } from '../e2e/pipeline.ts'
import { createTurns } from '../truth/createTurns.ts'
import type { CmcdPage } from './page/openPage.ts'
import { type MediaRequest, type PlayerName, type Site, startSite } from './site.ts'

let browser: Browser
let site: Site
beforeAll(async () => {
  ;[browser, site] = await Promise.all([launchChromium(), startSite()])
})
afterAll(async () => {
  await browser?.close()
  site?.close()
})

const PLAYERS: PlayerName[] = ['hls', 'dash', 'shaka']

/** A content id with what has a meaning in CMCD. */
const CONTENT = 'ep "1", \\é'

const call = <N extends keyof CmcdPage>(page: Page, name: N, ...args: Parameters<CmcdPage[N]>) =>
  page.evaluate(
    ([name, args]) => {
      const { cmcdPage } = window as unknown as { cmcdPage: Record<string, (...args: unknown[]) => unknown> }
      return cmcdPage[name as string]!(...(args as unknown[]))
    },
    [name, args] as const,
  ) as Promise<Awaited<ReturnType<CmcdPage[N]>>>

/** One that is longer than CMCD allows. */
const TOO_LONG = 'x'.repeat(65)

/** How many pages there are at a time, and how long each thing may take, ms. */
const AT_A_TIME = 3
const LONG_MS = 45_000

const inTurn = createTurns(AT_A_TIME)

/** Opens the page of a player, when it is its turn, and closes it after `visit`. */
const visitPage = <T>(player: PlayerName, visit: (page: Page) => Promise<T>) =>
  inTurn(async () => {
    const page = await browser.newPage()
    await page.goto(`${site.url}/${player}.html`)
    return visit(page).finally(() => page.close())
  })

let sources = 0
const nextSource = () => `s${++sources}`
const urlOf = (source: string, name = 'master') => `${site.mediaUrl}/${source}/${name}`

/** The requests for a source's media and manifests, when there are this many segments among them. */
const requestsOf = (source: string, segments: number, from = 0) =>
  eventually(
    () => {
      const requests = site.requestsOf(source).slice(from)
      return requests.filter(({ path }) => path.endsWith('.m4s')).length >= segments ? requests : undefined
    },
    `${segments} segments of ${source}`,
    LONG_MS,
  )

/** The requests after a jump to where nothing is buffered, but for one that may have been on its way. */
const requestsAfterJump = async (page: Page, source: string) => {
  const { length } = site.requestsOf(source)
  await call(page, 'seekOn')
  return (await requestsOf(source, 4, length)).slice(1)
}

const untilPlaying = (page: Page) =>
  page.waitForFunction(() => document.querySelector('video')!.currentTime > 0.5, undefined, { polling: 50 })

const idsOf = (requests: MediaRequest[]) => [
  ...new Set(requests.map(({ cmcd }) => JSON.stringify([cmcd?.sid, cmcd?.cid]))),
]

/** Does a piece of work once, whoever asks for what came of it. */
const once = <T>(work: () => Promise<T>) => {
  let done: Promise<T> | undefined
  return () => (done ??= work())
}

/** Plays a source on whose way the content changes, of a page that had asked for headers. */
const changeContent = (player: PlayerName) =>
  visitPage(player, async (page) => {
    const source = nextSource()
    const viewId = await call(page, 'open', CONTENT, { headers: true })
    await call(page, 'load', urlOf(source))
    const requests = await requestsOf(source, 2)
    await untilPlaying(page)
    const next = await call(page, 'setContent', TOO_LONG)
    return { viewId, requests, next, afterwards: await requestsAfterJump(page, source) }
  })

/** Plays a source after another, said before it is loaded and right after, and one after the tracker has stopped. */
const changeSource = (player: PlayerName) =>
  visitPage(player, async (page) => {
    await call(page, 'open', CONTENT)
    await call(page, 'load', urlOf(nextSource()))
    await untilPlaying(page)
    const change = async (when: 'before' | 'after') => {
      const source = nextSource()
      const viewId = await call(page, 'setContentAndLoad', when, urlOf(source))
      return { viewId, requests: await requestsOf(source, 2) }
    }
    const [before, after] = [await change('before'), await change('after')]
    const source = nextSource()
    await call(page, 'stop')
    await call(page, 'load', urlOf(source))
    return { before, after, untracked: await requestsOf(source, 2) }
  })

describe.concurrent.each(PLAYERS)('the CMCD of %s', (player) => {
  const contentChanged = once(() => changeContent(player))
  const sourceChanged = once(() => changeSource(player))

  it('names the view and the content in each request for media and manifests', async ({ expect }) => {
    const { viewId, requests } = await contentChanged()
    expect(viewId).toMatch(/^[\dA-Z]{26}$/)
    expect(idsOf(requests)).toEqual([JSON.stringify([viewId, CONTENT])])
    expect(requests.map(({ path }) => path)).toContainEqual(expect.stringMatching(/m3u8|mpd/))
    expect(requests.map(({ path }) => path)).toContainEqual(expect.stringMatching(/init\.mp4/))
  })

  it('costs no preflight and no header, even where the page had asked for headers', async ({ expect }) => {
    const { requests, afterwards } = await contentChanged()
    const costly = [...requests, ...afterwards].filter(
      ({ method, headers }) => method !== 'GET' || headers.length,
    )
    expect(costly).toEqual([])
  })

  it('names the next view in the middle of a source, and no content whose id is longer than the standard allows', async ({
    expect,
  }) => {
    const { viewId, next, afterwards } = await contentChanged()
    expect(next).not.toBe(viewId)
    expect(idsOf(afterwards)).toEqual([JSON.stringify([next, undefined])])
  })

  it.for(['before', 'after'] as const)(
    'names the next view from the first request of the next source on, said %s it is loaded',
    async (when, { expect }) => {
      const { viewId, requests } = (await sourceChanged())[when]
      expect(idsOf(requests)).toEqual([JSON.stringify([viewId, when])])
    },
  )

  it('no longer names a view once the tracker has stopped', async ({ expect }) => {
    const { before, after, untracked } = await sourceChanged()
    const views: (string | undefined)[] = [before.viewId, after.viewId]
    expect(untracked.filter(({ cmcd }) => views.includes(cmcd?.sid))).toEqual([])
  })
})

describe.concurrent('the CMCD of hls', () => {
  it('names the view in requests that go by fetch too', async ({ expect }) => {
    await visitPage('hls', async (page) => {
      const source = nextSource()
      await call(page, 'open', 'ep-1', { fetch: true })
      await call(page, 'load', urlOf(source))
      await untilPlaying(page)
      const next = await call(page, 'setContent', 'ep-2')
      expect(idsOf(await requestsAfterJump(page, source))).toEqual([JSON.stringify([next, 'ep-2'])])
    })
  })

  it('names the view in the requests for an interstitial', async ({ expect }) => {
    await visitPage('hls', async (page) => {
      const source = nextSource()
      const viewId = await call(page, 'open', 'ep-1')
      await call(page, 'load', urlOf(source, 'break'))
      const requests = await eventually(
        () => {
          const requests = site.requestsOf(source)
          return requests.some(({ path }) => path.startsWith('/low/0')) ? requests : undefined
        },
        'the ad',
        LONG_MS,
      )
      expect([...new Set(requests.map(({ cmcd }) => cmcd?.sid))]).toEqual([viewId])
    })
  })
})
