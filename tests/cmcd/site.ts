import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'
import { bundle } from '../truth/bundlePage.ts'
import { dashManifest, hlsMaster, hlsPlaylist } from '../truth/playlists.ts'
import { startServer } from '../truth/startServer.ts'
import { isTrack } from '../truth/stream.ts'

const SDK = join(root, 'packages/player-sdk')
const MEDIA = join(root, 'tests/truth/media')

/** The players, as their packages publish them for pages. */
const LIBRARIES = {
  hls: 'hls.js/dist/hls.min.js',
  dash: 'dashjs/dist/modern/umd/dash.all.min.js',
  shaka: 'shaka-player/dist/shaka-player.compiled.js',
}

/** A player whose requests are looked at. */
export type PlayerName = keyof typeof LIBRARIES

/** A request that the media server saw. */
export interface MediaRequest {
  method: string
  path: string
  /** Which of the sources it belongs to. */
  source: string
  /** Its CMCD, by key. */
  cmcd: Record<string, string> | undefined
  /** Names of headers that carry CMCD. */
  headers: string[]
}

const page = (player: PlayerName) => `<!doctype html>
<link rel="icon" href="data:,">
<video muted playsinline width="320" height="180"></video>
<script src="/${player}.js"></script>
<script src="/page.js"></script>`

const parseCmcd = (text: string | null) =>
  text === null
    ? undefined
    : Object.fromEntries(
        [...text.matchAll(/([\w-]+)(?:=("(?:[^"\\]|\\.)*"|[^,]*))?/g)].map(([, key, value = 'true']) => [
          key,
          value.startsWith('"') ? JSON.parse(value) : value,
        ]),
      )

const playlist = (path: string, mediaUrl: string) => {
  const name = path.slice(1)
  if (name === 'master.m3u8') return hlsMaster()
  if (name === 'manifest.mpd') return dashManifest()
  if (name === 'ad.m3u8') return hlsPlaylist('low').replace(/(?:#EXTINF.*\n.*\n){19}(?=#EXT-X-ENDLIST)/, '')
  const [track = ''] = name.split('.')
  if (track === 'break')
    return hlsPlaylist('high').replace(
      '#EXTINF',
      `#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
#EXT-X-DATERANGE:ID="mid",CLASS="com.apple.hls.interstitial",START-DATE="2026-01-01T00:00:04.000Z",DURATION=2,X-ASSET-URI="${mediaUrl}/ad.m3u8",X-RESUME-OFFSET=0
#EXTINF`,
    )
  return isTrack(track) ? hlsPlaylist(track) : undefined
}

/** A page on one origin, and its media on another one, which notes what is asked of it. */
export const startSite = async () => {
  const requests: MediaRequest[] = []
  const script = await bundle(`import '../cmcd/page/openPage.ts'`)

  const media = await startServer(({ method, url, headers }, response) => {
    const { pathname: path, searchParams } = new URL(url!, 'http://media')
    const [, source = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(path) ?? []
    requests.push({
      method: method!,
      path: rest,
      source,
      cmcd: parseCmcd(searchParams.get('CMCD')),
      headers: Object.keys(headers).filter((name) => name.startsWith('cmcd')),
    })
    const allowed = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' }
    // As a CDN would that was asked to: headers of CMCD cost a preflight, and work.
    if (method === 'OPTIONS')
      return response.writeHead(204, { ...allowed, 'access-control-allow-headers': '*' }).end()
    const text = playlist(rest, `${media.url}/${source}`)
    if (text !== undefined) return response.writeHead(200, allowed).end(text)
    const [, track = '', number = ''] = /^\/(\w+)\/(\w+)\.(?:m4s|mp4)$/.exec(rest) ?? []
    if (!isTrack(track)) return response.writeHead(404, allowed).end()
    const file = number === 'init' ? 'init.mp4' : `${number.padStart(2, '0')}.m4s`
    response
      .writeHead(200, { ...allowed, 'content-type': 'video/mp4' })
      .end(readFileSync(join(MEDIA, track, file)))
  })

  const site = await startServer(({ url }, response) => {
    const { pathname } = new URL(url!, 'http://site')
    const [, name = '', type = ''] = /^\/(\w+)\.(js|html)$/.exec(pathname) ?? []
    if (pathname === '/v1/events') return response.writeHead(202).end('{"accepted":1,"rejected":[]}')
    if (pathname === '/page.js')
      return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    if (!(name in LIBRARIES)) return response.writeHead(404).end()
    const player = name as PlayerName
    if (type === 'html') return response.writeHead(200, { 'content-type': 'text/html' }).end(page(player))
    response
      .writeHead(200, { 'content-type': 'text/javascript' })
      .end(readFileSync(join(SDK, 'node_modules', LIBRARIES[player])))
  })

  return {
    url: site.url,
    mediaUrl: media.url,
    /** The requests for one source so far. */
    requestsOf: (source: string) => requests.filter((request) => request.source === source),
    close() {
      site.close()
      media.close()
    },
  }
}

/** The site, as a test sees it. */
export type Site = Awaited<ReturnType<typeof startSite>>
