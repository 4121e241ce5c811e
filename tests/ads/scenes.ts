import type { AdsPage } from './page/openPage.ts'
import type { Attributes } from './playlists.ts'

/** How a page is opened: what it calls, with what. */
type Opening = {
  [N in 'openInterstitials' | 'openStitched' | 'openVideojs' | 'openBeside']: [N, ...Parameters<AdsPage[N]>]
}['openInterstitials' | 'openStitched' | 'openVideojs' | 'openBeside']

/** A content with one break. */
export interface Scene {
  scripts: string[]
  /** Addresses are of the site at `url`. */
  open: (url: string) => Opening
  position: 'pre' | 'mid' | 'post'
  /** How many ads are shown. */
  ads: number
  fails?: boolean
  /** The ad is a source of its own in the content's element. */
  isOwnSource?: boolean
  /** How long after the page has loaded the viewer plays, ms. */
  playAfter_ms?: number
  /** The player leaves it to the page to play the ad. */
  needsPlay?: boolean
  /** How long the viewer pauses an ad, ms. */
  pause_ms?: number
}

/** An ad of 2 s. */
export const ad = (url: string, kind: string) => `${url}/ad.m3u8?kind=${kind}`

/** A list of ads, as an attribute of an interstitial. */
export const list = (url: string, ...uris: string[]) =>
  `"${url}/list.json?${uris.map((uri) => `uri=${encodeURIComponent(uri)}`).join('&')}"`

/** Opens a content with an interstitial `at` so many seconds, played from `from`. */
export const interstitial = (
  url: string,
  kind: 'muxed' | 'picture',
  attributes: Attributes,
  at = 4,
  from = 2.5,
  playAfterMs = 0,
): Opening => {
  const about = encodeURIComponent(JSON.stringify({ at, attributes: { DURATION: '2', ...attributes } }))
  return [
    'openInterstitials',
    `${url}/master.m3u8?of=content&kind=${kind}&interstitial=${about}`,
    from,
    playAfterMs,
  ]
}

/** Has hls.js give the element to the ad. */
export const APART: Attributes = { 'X-RESUME-OFFSET': '0' }
/** One ad, as an attribute of an interstitial. */
export const one = (url: string, kind = 'picture'): Attributes => ({ 'X-ASSET-URI': `"${ad(url, kind)}"` })

const HLS = ['hls.js']
const VIDEOJS = ['video.js', 'contrib-ads.js']

/** The ways in which ads come, by how they come. */
export const SCENES: Record<string, Scene> = {
  'an interstitial of hls.js in the content’s own buffer': {
    scripts: HLS,
    open: (url) => interstitial(url, 'picture', one(url)),
    position: 'mid',
    ads: 1,
  },
  'two interstitials of hls.js that take the element over': {
    scripts: HLS,
    open: (url) =>
      interstitial(url, 'muxed', {
        DURATION: '4',
        'X-ASSET-LIST': list(url, ad(url, 'muxed'), ad(url, 'muxed')),
        ...APART,
      }),
    position: 'mid',
    ads: 2,
    isOwnSource: true,
  },
  'an interstitial of hls.js that the viewer pauses': {
    scripts: HLS,
    open: (url) => interstitial(url, 'picture', { ...one(url), ...APART }),
    position: 'mid',
    ads: 1,
    isOwnSource: true,
    pause_ms: 600,
  },
  'an interstitial of hls.js before the content': {
    scripts: HLS,
    open: (url) => interstitial(url, 'muxed', { CUE: '"PRE"', ...one(url, 'muxed'), ...APART }, 0, -1),
    position: 'pre',
    ads: 1,
    isOwnSource: true,
  },
  'an interstitial of hls.js before the content that the viewer begins 2 s later': {
    scripts: HLS,
    open: (url) => interstitial(url, 'muxed', { CUE: '"PRE"', ...one(url, 'muxed'), ...APART }, 0, -1, 2000),
    playAfter_ms: 2000,
    position: 'pre',
    ads: 1,
  },
  'an interstitial of hls.js after the content': {
    scripts: HLS,
    open: (url) => interstitial(url, 'muxed', { CUE: '"POST"', ...one(url, 'muxed') }, 20, 19),
    position: 'post',
    ads: 1,
    isOwnSource: true,
    needsPlay: true,
  },
  'an interstitial of hls.js that cannot be loaded': {
    scripts: HLS,
    open: (url) => interstitial(url, 'picture', { 'X-ASSET-URI': `"${url}/gone.m3u8"`, ...APART }),
    position: 'mid',
    ads: 0,
    fails: true,
  },
  'a pre-roll of contrib-ads': {
    scripts: VIDEOJS,
    open: () => ['openVideojs', 'pre'],
    position: 'pre',
    ads: 1,
    isOwnSource: true,
  },
  'a mid-roll of contrib-ads': {
    scripts: VIDEOJS,
    open: () => ['openVideojs', 'mid'],
    position: 'mid',
    ads: 1,
    isOwnSource: true,
  },
  'a post-roll of contrib-ads': {
    scripts: VIDEOJS,
    open: () => ['openVideojs', 'post'],
    position: 'post',
    ads: 1,
    isOwnSource: true,
  },
  'a pre-roll beside the element': {
    scripts: [],
    open: () => ['openBeside', 'pre'],
    position: 'pre',
    ads: 1,
  },
  'a mid-roll beside the element that the viewer pauses': {
    scripts: [],
    open: () => ['openBeside', 'paused'],
    position: 'mid',
    ads: 1,
    pause_ms: 600,
  },
  'a post-roll beside the element': {
    scripts: [],
    open: () => ['openBeside', 'post'],
    position: 'post',
    ads: 1,
  },
  'a pre-roll beside the element that cannot be played': {
    scripts: [],
    open: () => ['openBeside', 'failing'],
    position: 'pre',
    ads: 0,
    fails: true,
  },
  'an ad that the server put into the stream': {
    scripts: HLS,
    open: (url) => ['openStitched', `${url}/master.m3u8?of=stitched&kind=picture`, 2.5],
    position: 'mid',
    ads: 1,
  },
}
