import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'
import { bundle } from '../truth/bundlePage.ts'
import { startServer } from '../truth/startServer.ts'
import { type Attributes, masterOf, playlistOf, stitchedPlaylist } from './playlists.ts'

const MODULES = join(root, 'packages/player-sdk/node_modules')
const SAMPLE = join(root, 'packages/local/sample')
const TRUTH = join(root, 'tests/truth/media')

const SCRIPTS: Record<string, string> = {
  'hls.js': join(MODULES, 'hls.js/dist/hls.min.js'),
  'video.js': join(MODULES, 'video.js/dist/video.min.js'),
  'contrib-ads.js': join(MODULES, 'videojs-contrib-ads/dist/videojs.ads.min.js'),
}

/** 2 s to be played as a file. */
const fileOf = (rendition: string) =>
  Buffer.concat(
    [`${rendition}-init.mp4`, `${rendition}-00.m4s`].map((name) => readFileSync(join(SAMPLE, 'hls', name))),
  )

const FILES: Record<string, Buffer> = { '/ad.mp4': fileOf('low'), '/short.mp4': fileOf('high') }

const page = (scripts: string) => `<!doctype html>
<link rel="icon" href="data:,">
<video muted playsinline width="320" height="180" class="video-js"></video>
${scripts
  .split(',')
  .filter(Boolean)
  .map((name) => `<script src="/${name}"></script>`)
  .join('\n')}
<script src="/viewbeat.iife.js"></script>
<script src="/page.js"></script>`

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index).padStart(2, '0'))

/** `muxed`: sound and picture together, whose ends differ a little; `picture`: no sound, so that all ends meet. */
const segmentsOf = (kind: string, rendition: string, count: number): [string[], string] =>
  kind === 'picture'
    ? [numbers(count).map((n) => `/truth/${rendition}/${n}.m4s`), `/truth/${rendition}/init.mp4`]
    : [numbers(count).map((n) => `/sample/hls/${rendition}-${n}.m4s`), `/sample/hls/${rendition}-init.mp4`]

/** A page with players and ads, on one origin. */
export const startSite = async () => {
  // A copy: what is under test may be built anew meanwhile.
  const sdk = readFileSync(join(root, 'packages/player-sdk/dist/viewbeat.iife.js'))
  const script = await bundle(`import '../ads/page/openPage.ts'`)
  return startServer(({ url, headers }, response) => {
    const { pathname, search, searchParams } = new URL(url!, 'http://site')
    const asked = (name: string) => searchParams.get(name) ?? ''
    const send = (body: string | Buffer, type = 'text/plain') =>
      response.writeHead(200, { 'content-type': type, 'accept-ranges': 'bytes' }).end(body)

    if (pathname === '/page.html') return send(page(asked('scripts')), 'text/html')
    if (pathname === '/v1/events') return response.writeHead(202).end('{"accepted":1,"rejected":[]}')
    if (pathname === '/viewbeat.iife.js') return send(sdk, 'text/javascript')
    if (pathname === '/page.js') return send(script, 'text/javascript')
    if (pathname.slice(1) in SCRIPTS)
      return send(readFileSync(SCRIPTS[pathname.slice(1)]!), 'text/javascript')
    if (pathname === '/master.m3u8') return send(masterOf(asked('kind'), `${asked('of')}.m3u8${search}`))
    if (pathname === '/content.m3u8') {
      const interstitial = JSON.parse(asked('interstitial')) as { at: number; attributes: Attributes }
      return send(playlistOf(...segmentsOf(asked('kind'), 'high', 10), interstitial))
    }
    if (pathname === '/ad.m3u8') return send(playlistOf(...segmentsOf(asked('kind'), 'low', 1)))
    if (pathname === '/list.json')
      return send(JSON.stringify({ ASSETS: searchParams.getAll('uri').map((URI) => ({ URI, DURATION: 2 })) }))
    if (pathname === '/stitched.m3u8') return send(stitchedPlaylist())
    if (pathname in FILES) return send(FILES[pathname]!, 'video/mp4')
    const [, folder = '', rest = ''] = /^\/(sample|truth)\/([\w/-]+\.(?:m4s|mp4))$/.exec(pathname) ?? []
    if (!folder) return response.writeHead(404).end()
    const body = readFileSync(join(folder === 'sample' ? SAMPLE : TRUTH, rest))
    const [range, from = '', to = ''] = /bytes=(\d+)-(\d*)/.exec(headers.range ?? '') ?? []
    if (!range) return send(body, 'video/mp4')
    const end = to ? Number(to) : body.length - 1
    response
      .writeHead(206, {
        'content-type': 'video/mp4',
        'accept-ranges': 'bytes',
        'content-range': `bytes ${from}-${end}/${body.length}`,
      })
      .end(body.subarray(Number(from), end + 1))
  })
}

/** The site, as a test sees it. */
export type Site = Awaited<ReturnType<typeof startSite>>
