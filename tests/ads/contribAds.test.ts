import type { Page } from 'playwright-core'
import { describe, it } from 'vitest'
import { callPage, happeningsUntil, openAdsStage, toldIn } from './openAdsPage.ts'
import type { VideojsAds } from './page/playByVideojs.ts'

const stage = openAdsStage(5)

/** Opens a content with such ads in a page, and visits it. */
const visit = (kind: VideojsAds, look: (page: Page) => Promise<void>) =>
  stage.visitPage(['video.js', 'contrib-ads.js'], async (page) => {
    await callPage(page, 'openVideojs', kind)
    await look(page)
  })

describe.concurrent('contribAds', () => {
  it('tells of each ad of a pod', async ({ expect }) => {
    await visit('pod', async (page) => {
      const told = toldIn(await happeningsUntil(page, 'breakEnd'))
      const about = { duration_ms: expect.any(Number), load_ms: expect.any(Number) }
      expect(told.filter(([name]) => name !== 'quartile')).toEqual([
        ['breakStart', { position: 'pre', insertion: 'client', inElement: true }],
        ['start', { pod_index: 1, ...about }],
        ['end', 'completed'],
        ['start', { pod_index: 2, ...about }],
        ['end', 'completed'],
        ['breakEnd', undefined],
      ])
    })
  })

  it('says that an ad was skipped', async ({ expect }) => {
    await visit('skipped', async (page) => {
      expect(toldIn(await happeningsUntil(page, 'breakEnd')).slice(-2)).toEqual([
        ['end', 'skipped'],
        ['breakEnd', undefined],
      ])
    })
  })

  it('tells of an error within the break that it ends, once', async ({ expect }) => {
    await visit('failing', async (page) => {
      await happeningsUntil(page, 'breakEnd')
      const told = toldIn(await happeningsUntil(page, '*playing', 2))
      expect(told.filter(([name]) => name !== 'quartile')).toMatchObject([
        ['breakStart', {}],
        ['start', {}],
        ['error', { code: 'ads-preroll-error' }],
        ['breakEnd', undefined],
      ])
    })
  })

  it.for([
    ['an error', 'refused', 'ads-preroll-error'],
    ['a plugin that does not answer in time', 'late', 'adtimeout'],
    ['a plugin that does not answer while the content plays', 'lateAfterPlaying', 'adtimeout'],
  ] as const)('tells of %s before a break, once, and opens none', async ([, kind, code], { expect }) => {
    await visit(kind, async (page) => {
      await happeningsUntil(page, 'error')
      expect(toldIn(await happeningsUntil(page, '*playing'))).toEqual([['error', { code }]])
    })
  })

  it('tells of ads in an element of their own what the plugin says of them', async ({ expect }) => {
    await visit('apart', async (page) => {
      expect(toldIn(await happeningsUntil(page, 'breakEnd'))).toEqual([
        ['breakStart', { position: 'pre', insertion: 'client', inElement: false }],
        ['start', { pod_index: 1, load_ms: expect.any(Number) }],
        ['quartile', 1],
        ['quartile', 2],
        ['click', undefined],
        ['quartile', 3],
        ['end', 'completed'],
        ['breakEnd', undefined],
      ])
    })
  })

  it('tells of ads stitched into the content, without a length that would be the content’s', async ({
    expect,
  }) => {
    await visit('stitched', async (page) => {
      expect(toldIn(await happeningsUntil(page, 'breakEnd'))).toEqual([
        ['breakStart', { insertion: 'server', inElement: true }],
        ['start', { pod_index: 1, load_ms: expect.any(Number) }],
        ['quartile', 1],
        ['quartile', 2],
        ['quartile', 3],
        ['end', 'completed'],
        ['breakEnd', undefined],
      ])
    })
  })
})
