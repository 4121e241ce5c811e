import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { root } from '../root.ts'
import { bundle, bundlePage } from './bundlePage.ts'
import { createHolds } from './createHolds.ts'
import { dashManifest, hlsMaster, hlsPlaylist, type Live } from './playlists.ts'
import { sendPlainFile } from './sendPlainFile.ts'
import { shiftSegment } from './shiftSegment.ts'
import { startServer } from './startServer.ts'
import { isTrack, newestSegment, STREAM, type TrackName } from './stream.ts'

const MEDIA = join(root, 'tests/truth/media')
const ENGINES = join(root, 'packages/player-sdk/node_modules')

const LIBRARIES: Record<string, string> = {
  hls: 'hls.js/dist/hls.min.js',
  dash: 'dashjs/dist/modern/umd/dash.all.min.js',
  shaka: 'shaka-player/dist/shaka-player.compiled.js',
  videojs: 'video.js/dist/video.min.js',
  custom: 'hls-video-element/dist/hls-video-element.js',
}

const TYPES: Record<string, string> = {
  m3u8: 'application/vnd.apple.mpegurl',
  mpd: 'application/dash+xml',
  html: 'text/html',
  js: 'text/javascript',
}

/** How long a live stream has been going on when a page opens it: its window is full. */
const LIVE_FOR_MS = (STREAM.window + 2) * STREAM.segment_ms

const elementOf = (engine: string) => (engine === 'custom' ? 'hls-video' : 'video')

const page = (engine: string) => `<!doctype html>
<title>${engine}</title>
<link rel="icon" href="data:,">
<${elementOf(engine)} playsinline style="display: block; width: 320px; height: 180px"></${elementOf(engine)}>
${engine in LIBRARIES ? `<script src="/lib/${engine}.js"></script>` : ''}
<script src="/viewbeat.iife.js"></script>
<script src="/page.js"></script>`

const segmentOf = (track: TrackName, number: number) => {
  const round = Math.floor(number / STREAM.segments)
  const name = String(number % STREAM.segments).padStart(2, '0')
  const segment = readFileSync(join(MEDIA, track, `${name}.m4s`))
  if (!round) return segment
  const { timescale } = STREAM.tracks[track]
  return shiftSegment(segment, BigInt((round * timescale * STREAM.segments * STREAM.segment_ms) / 1000))
}

/** What one page of the site plays, and what is kept from it. */
const createSession = (path: string) => {
  const since = Date.now() - LIVE_FOR_MS
  const holds = createHolds()
  return {
    ...holds,
    /** What its addresses begin with. */
    path,
    get waiting() {
      return holds.waiting
    },
    /** The newest segment of its live stream. */
    newest: () => newestSegment(Date.now() - since),
    /** The stream as it is being made, now. */
    live: (): Live => ({ since, now: Date.now() }),
  }
}

/** What one page of the site plays, and what is kept from it. */
export type Session = ReturnType<typeof createSession>

/** Serves a stream, the players of it and a page for each, to sessions whose media is kept back one by one. */
export const startSite = async () => {
  // Copies: what is under test may be built anew meanwhile.
  const sdk = readFileSync(join(root, 'packages/player-sdk/dist/viewbeat.iife.js'))
  const script = await bundlePage()
  const libraries = new Map<string, Promise<string | Buffer>>()
  const sessions: Session[] = []

  const library = (name: string) => {
    const file = join(ENGINES, LIBRARIES[name]!)
    // The custom element comes as a module that imports others.
    const known = libraries.get(name) ?? (name === 'custom' ? bundle(`import '${file}'`) : readFile(file))
    libraries.set(name, known)
    return known
  }

  const playlist = (name: string, live?: Live) => {
    if (name === 'master.m3u8') return hlsMaster()
    if (name === 'manifest.mpd') return dashManifest(live)
    const [track = ''] = name.split('.')
    return isTrack(track) ? hlsPlaylist(track, live) : undefined
  }

  const sendSegment = async (session: Session, track: TrackName, name: string, response: ServerResponse) => {
    const segment = name.startsWith('init') ? -1 : Number.parseInt(name, 10)
    const piece = { track, segment }
    await session.pass(piece)
    const status = session.take(piece)
    if (status !== 200) return response.writeHead(status).end()
    const body = segment < 0 ? readFileSync(join(MEDIA, track, 'init.mp4')) : segmentOf(track, segment)
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': body.length }).end(body)
  }

  const { url, close } = await startServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://site')
    const [, first = '', ...rest] = pathname.split('/')
    const session = sessions[Number(first)]
    const isLive = rest[0] === 'live'
    const [name = '', file = ''] = isLive ? rest.slice(1) : rest
    const send = (body?: string | Buffer, type = TYPES[pathname.split('.').at(-1)!] ?? 'text/plain') =>
      response
        .writeHead(body === undefined ? 404 : 200, { 'content-type': type, 'cache-control': 'no-store' })
        .end(body)

    if (first === 'viewbeat.iife.js') return send(sdk)
    if (first === 'page.js') return send(script)
    if (first === 'lib') return send(await library(name.split('.')[0]!))
    if (!session) return send()
    if (name === 'v1') return response.writeHead(202).end('{"accepted":1,"rejected":[]}')
    if (name === 'now') return send(new Date().toISOString())
    if (name.endsWith('.html')) return send(page(name.slice(0, -5)))
    if (name === 'sample.mp4') return sendPlainFile(session, request, response)
    if (isTrack(name)) return sendSegment(session, name, file, response)
    send(playlist(name, isLive ? session.live() : undefined))
  })

  return {
    url,
    /** A place on the site for one page alone. */
    openSession() {
      const session = createSession(`/${sessions.length}`)
      sessions.push(session)
      return session
    },
    close() {
      for (const session of sessions) session.release()
      close()
    },
  }
}

/** The site, as a test sees it. */
export type Site = Awaited<ReturnType<typeof startSite>>
