import type { Page } from 'playwright-core'
import { describe, it } from 'vitest'
import { callPage, happeningsUntil, openAdsStage, toldIn } from './openAdsPage.ts'
import type { Attributes } from './playlists.ts'
import { APART, ad, interstitial, list, one } from './scenes.ts'

const stage = openAdsStage(5)
const url = stage.siteUrl

/** Opens a content of a kind with an interstitial in a page, and visits it. */
const visit = (
  kind: 'muxed' | 'picture',
  attributes: () => Attributes,
  prepare: (page: Page) => Promise<unknown> | undefined,
  look: (page: Page) => Promise<void>,
  ...when: [at?: number, from?: number]
) =>
  stage.visitPage(['hls.js'], async (page) => {
    await prepare(page)
    const [name, ...args] = interstitial(url(), kind, attributes(), ...when)
    await callPage(page, name, ...(args as never))
    await look(page)
  })

const nothing = () => undefined
const apart = () => ({ ...one(url()), ...APART })

describe.concurrent('hlsInterstitials', () => {
  it.for([
    ['takes the element over', apart],
    ['is in the content’s own buffer', () => one(url())],
  ] as const)('says of an ad that %s that it was skipped', async ([, attributes], { expect }) => {
    await visit(
      'picture',
      attributes,
      (page) => callPage(page, 'skipAtFirstQuartile'),
      async (page) => {
        expect(toldIn(await happeningsUntil(page, 'breakEnd')).slice(-2)).toEqual([
          ['end', 'skipped'],
          ['breakEnd', undefined],
        ])
      },
    )
  })

  it('tells of the other ad of a break when one cannot be loaded', async ({ expect }) => {
    const attributes = () => ({
      DURATION: '4',
      'X-ASSET-LIST': list(url(), `${url()}/gone.m3u8`, `${url()}/ad.m3u8?kind=muxed`),
      ...APART,
    })
    await visit('muxed', attributes, nothing, async (page) => {
      const told = toldIn(await happeningsUntil(page, 'breakEnd'))
      const id = expect.stringMatching(/^break-1-2-/)
      const [duration_ms, load_ms] = [expect.any(Number), expect.any(Number)]
      const about = { position: 'mid', ads_planned: 2, insertion: 'client', inElement: true }
      expect(told.filter(([name]) => name !== 'quartile')).toEqual([
        ['error', expect.objectContaining({ code: 'manifestLoadError', http_status: 404 })],
        ['breakStart', { break_id: 'break-1', ...about }],
        ['start', { ad_id: id, pod_index: 2, duration_ms, load_ms }],
        ['end', 'completed'],
        ['breakEnd', undefined],
      ])
    })
  })

  it('tells of an ad that turns out not to load when its turn has come, and that the next is shown', async ({
    expect,
  }) => {
    const attributes = () => ({
      CUE: '"PRE"',
      DURATION: '4',
      'X-ASSET-LIST': list(url(), `${url()}/gone.m3u8`, ad(url(), 'muxed')),
      ...APART,
    })
    const look = async (page: Page) => {
      const told = toldIn(await happeningsUntil(page, 'breakEnd')).filter(([name]) => name !== 'quartile')
      expect(told.map(([name]) => name)).toEqual(['breakStart', 'error', 'start', 'end', 'breakEnd'])
      expect(told[2]).toMatchObject(['start', { pod_index: 2 }])
    }
    await visit('muxed', attributes, nothing, look, 0, -1)
  })

  it.for([
    ['takes the element over', 'muxed', APART],
    ['is in the content’s own buffer', 'picture', {}],
  ] as const)(
    'tells of what is left of a break that %s when it comes late',
    async ([, kind, more], { expect }) => {
      await stage.visitPage(['hls.js'], async (page) => {
        const two = list(url(), ad(url(), kind), ad(url(), kind))
        const [, address, from] = interstitial(url(), kind, { DURATION: '4', 'X-ASSET-LIST': two, ...more })
        await callPage(page, 'openLate', address as string, from as number, 700)
        const told = toldIn(await happeningsUntil(page, 'breakEnd')).filter(([name]) => name !== 'quartile')
        expect(told.map(([name]) => name)).toEqual(['breakStart', 'start', 'end', 'breakEnd'])
        expect(told[1]).toMatchObject(['start', { pod_index: 2 }])
      })
    },
  )

  it('tells of an ad before the content that comes before the media source is open', async ({ expect }) => {
    const attributes = () => ({ CUE: '"PRE"', ...one(url(), 'muxed'), ...APART })
    const prepare = (page: Page) => callPage(page, 'openFirstSourceLate', 500)
    const look = async (page: Page) => {
      const told = toldIn(await happeningsUntil(page, 'breakEnd')).map(([name]) => name)
      expect(told.filter((name) => name !== 'quartile')).toEqual(['breakStart', 'start', 'end', 'breakEnd'])
    }
    await visit('muxed', attributes, prepare, look, 0, -1)
  })

  it('tells of a list of ads that cannot be loaded', async ({ expect }) => {
    const attributes = () => ({ 'X-ASSET-LIST': `"${url()}/gone.json"`, ...APART })
    await visit('picture', attributes, nothing, async (page) => {
      expect(toldIn(await happeningsUntil(page, 'error'))).toMatchObject([
        ['error', { code: 'assetListLoadError', http_status: 404 }],
      ])
    })
  })

  it('closes the break when hls.js is taken down in it', async ({ expect }) => {
    const prepare = (page: Page) => callPage(page, 'destroyAtStart')
    await visit('picture', apart, prepare, async (page) => {
      expect(toldIn(await happeningsUntil(page, 'breakEnd')).at(-1)).toEqual(['breakEnd', undefined])
    })
  })
})
