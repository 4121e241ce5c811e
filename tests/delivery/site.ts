import { once } from 'node:events'
import { createReadStream, readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../root.ts'

const SAMPLE = join(root, 'packages/local/sample')

const FILES: Record<string, { path: string; type: string }> = {
  // The SDK under test: any script that defines `viewbeat.trackVideo` and speaks the wire format.
  '/sdk.js': {
    path: process.env.SDK_SCRIPT ?? join(root, 'packages/player-sdk/dist/viewbeat.iife.js'),
    type: 'text/javascript',
  },
  '/hls.js': {
    path: join(root, 'packages/dashboard/node_modules/hls.js/dist/hls.min.js'),
    type: 'text/javascript',
  },
  '/sample.mp4': { path: join(SAMPLE, 'sample.mp4'), type: 'video/mp4' },
}

/** A sample's playlist three times over, so that it lasts a minute and a half. */
const longPlaylist = (name: string) => {
  const [head, ...rest] = readFileSync(join(SAMPLE, name), 'utf8').split(/(?=#EXTINF)/)
  const [map] = /#EXT-X-MAP.*/.exec(head!)!
  const segments = rest.join('').replace('#EXT-X-ENDLIST', '').trim()
  const again = `\n#EXT-X-DISCONTINUITY\n${map}\n${segments}`
  return `${head}${segments}${again}${again}\n#EXT-X-ENDLIST\n`
}

const PAGE = `<!doctype html>
<title>A publisher's page</title>
<link rel="icon" href="data:,">
<video muted preload="auto" width="640" height="360"></video>
<script src="/hls.js"></script>
<script src="/sdk.js"></script>
<script src="/page.js"></script>`

/** Tracks the page's video with the options of the address's fragment, and tells the test of every event as it is captured. */
const SCRIPT = `
const { endpoint, hls: usesHls, ...options } = JSON.parse(decodeURIComponent(location.hash.slice(1)))
const video = document.querySelector('video')
if (usesHls) {
  window.hls = new Hls({ maxBufferLength: 4, maxMaxBufferLength: 4, backBufferLength: 0, startLevel: 1 })
  hls.loadSource('/hls/master.m3u8')
  hls.attachMedia(video)
} else video.src = '/sample.mp4'
window.track = (video, more) => viewbeat.trackVideo(video, {
  endpoint, key: 'pk_demo', content: { id: 'ep-101' },
  onEvent: (event) => captured(event.view_id, event.seq, event.type),
  ...options, ...more,
})
window.tracker = track(video)`

/** Allows nothing but what a tracked video needs. */
const strictPolicy = (collector: string) =>
  `default-src 'none'; script-src 'self'; media-src 'self'; img-src data:; connect-src ${collector}`

/** A publisher's site over TLS, of another origin than the collector. */
export const startSite = async (certificate: { key: string; cert: string }) => {
  let isHeld = false
  const server = createServer(certificate, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'https://site')
    if (pathname === '/page.js')
      return response.writeHead(200, { 'content-type': 'text/javascript' }).end(SCRIPT)
    if (pathname.endsWith('.m3u8'))
      return response
        .writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' })
        .end(
          pathname.endsWith('master.m3u8')
            ? readFileSync(join(SAMPLE, pathname))
            : longPlaylist(pathname.slice(1)),
        )
    const file = /^\/hls\/[\w-]+\.(m4s|mp4)$/.test(pathname)
      ? { path: join(SAMPLE, pathname), type: 'video/mp4' }
      : FILES[pathname]
    if (!file) {
      const collector = searchParams.get('strict')
      return response
        .writeHead(200, {
          'content-type': 'text/html',
          ...(collector && { 'content-security-policy': strictPolicy(collector) }),
        })
        .end(PAGE)
    }
    while (isHeld && file.type === 'video/mp4') await sleep(50)
    const { size } = await stat(file.path)
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
    const start = Number(from)
    const end = to ? Number(to) : size - 1
    response.writeHead(request.headers.range ? 206 : 200, {
      'content-type': file.type,
      'content-length': end - start + 1,
      'accept-ranges': 'bytes',
      ...(request.headers.range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    })
    createReadStream(file.path, { start, end }).pipe(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `https://localhost:${port}`,
    /** Holds media back, so that players run dry. */
    holdMedia(held: boolean) {
      isHeld = held
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type Site = Awaited<ReturnType<typeof startSite>>
