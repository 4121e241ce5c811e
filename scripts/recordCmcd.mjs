import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { findChromium } from './findChromium.mjs'
import { fail, root } from './setup.mjs'

/*
 * Records what players POST as CMCD v2 event reports, for the tests of what reads them:
 *   node scripts/recordCmcd.mjs [player …]
 */

const runFile = promisify(execFile)

const EVENTS = 'abs abe ae as b bc c ce e m pc pe pr ps rr sk t um'.split(' ')
/** All that CTA-5004-B names, and a custom key for what an application adds. */
const KEYS = [
  'ab bg bl br bs bsa bsd bsda cdn cen cid cmsdd cmsds cs d dfa dl e ec h lab lb ltc msd mtp nor nr nrr',
  'ot pb pr pt rc rtp sf sid smrt sn st sta su tab tb tbl tpb ts ttfb ttfbb ttlb url v example-screen',
]
  .join(' ')
  .split(' ')
const SESSION_ID = '6e2fb550-c457-11e9-bb97-0800200c9a66'
const CONTENT_ID = 'sample-36s'
const INTERVAL_SECONDS = 3

const PLAYERS = [
  {
    name: 'hls.js',
    version: '1.7.4',
    bundles: { release: 'dist/hls.min.js' },
    cmcd: (target, keys) => ({
      version: 2,
      sessionId: SESSION_ID,
      contentId: CONTENT_ID,
      ...(keys && { includeKeys: keys }),
      eventTargets: [{ ...target, ...(keys && { includeKeys: keys }) }],
    }),
    // A fatal network error ends loading until the application restarts it, as hls.js documents.
    page: `
      let player
      const { fragLoadPolicy } = Hls.DefaultConfig
      // By default hls.js would try for a minute before it calls an error fatal, which is all it reports.
      fragLoadPolicy.default.errorRetry.maxNumRetry = 1
      window.start = (cmcd) => {
        player = new Hls({
          cmcd: { ...cmcd, reporterCallback: (reporter) => { window.reporter = reporter } },
          maxBufferLength: 4, maxMaxBufferLength: 4, abrEwmaDefaultEstimate: 100_000,
          testBandwidth: false, fragLoadPolicy,
        })
        player.on(Hls.Events.ERROR, (_, { fatal }) => fatal && setTimeout(() => player.startLoad(), 500))
        player.loadSource(location.origin + '/media/master.m3u8')
        player.attachMedia(video)
      }
      window.customEvent = () => reporter.recordCustomEvent('menu opened', { 'example-screen': 'player' })
      window.stop = () => player.destroy()`,
  },
  {
    name: 'dashjs',
    version: '5.2.1',
    bundles: { release: 'dist/modern/umd/dash.all.min.js' },
    cmcd: (target, keys) => ({
      enabled: true,
      version: 2,
      sid: SESSION_ID,
      cid: CONTENT_ID,
      ...(keys && { enabledKeys: keys }),
      eventTargets: [{ enabled: true, ...target, ...(keys && { enabledKeys: keys }) }],
    }),
    // dash.js stops for good at a segment that it cannot load; only its source anew makes it go on.
    page: `
      const player = dashjs.MediaPlayer().create()
      window.start = (cmcd) => {
        player.updateSettings({
          streaming: {
            cmcd,
            buffer: { bufferTimeDefault: 4, bufferTimeAtTopQuality: 4, bufferTimeAtTopQualityLongForm: 4 },
            abr: { initialBitrate: { video: 100 } },
          },
        })
        const source = location.origin + '/media/manifest.mpd'
        player.initialize(video, source, false)
        player.on('error', () => video.currentTime > 0 && setTimeout(() => {
          player.attachSource(source, video.currentTime)
          player.play()
        }, 500))
      }
      window.stop = () => player.destroy()`,
  },
  {
    name: 'shaka-player',
    version: '5.2.12',
    // 5.2.12's release builds never send `sta`, nor `ps`; the debug build does, from the same sources.
    bundles: { release: 'dist/shaka-player.compiled.js', debug: 'dist/shaka-player.compiled.debug.js' },
    cmcd: (target, keys) => ({
      enabled: true,
      version: 2,
      sessionId: SESSION_ID,
      contentId: CONTENT_ID,
      ...(keys && { includeKeys: keys }),
      eventTargets: [{ enabled: true, ...target, ...(keys && { includeKeys: keys }) }],
    }),
    page: `
      const player = new shaka.Player()
      window.start = async (cmcd) => {
        player.configure({
          cmcd,
          streaming: { bufferingGoal: 4 },
          abr: { defaultBandwidthEstimate: 100_000, switchInterval: 2 },
        })
        player.addEventListener('error', () => setTimeout(() => player.retryStreaming(), 500))
        await player.attach(video)
        await player.load(location.origin + '/media/manifest.mpd').catch(() => {})
      }
      window.stop = () => player.destroy()`,
  },
]

const pageOf = ({ name, bundles, page }, build) => `<!doctype html>
<title>${name}</title>
<video width="320" height="180"></video>
<script src="/node_modules/${name}/${bundles[build]}"></script>
<script>
const video = document.querySelector('video')
let hidden = false
Object.defineProperty(document, 'hidden', { get: () => hidden })
Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') })
const setHidden = (now) => {
  hidden = now
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
}
${page}
</script>`

const install = async (folder, { name, version }, signal) => {
  console.log(`Installing ${name} ${version} …`)
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`]
  await runFile('npm', args, {
    cwd: folder,
    signal,
    timeout: 170_000,
    shell: process.platform === 'win32',
  })
}

const requireFfmpeg = () =>
  runFile('ffmpeg', ['-version']).catch(() =>
    fail('The recordings need ffmpeg: install it, then run this again'),
  )

/** 36 s in segments of 2 s, two video renditions and audio, as HLS and DASH. */
const makeStream = async (folder, signal) => {
  console.log('Making the stream …')
  await mkdir(folder)
  const args = [
    '-hide_banner -loglevel error',
    '-f lavfi -i testsrc2=size=640x360:rate=25:duration=36',
    '-f lavfi -i sine=frequency=440:sample_rate=48000:duration=35.9',
    '-map 0:v -map 0:v -map 1:a -c:v libx264 -preset veryfast -profile:v main -pix_fmt yuv420p',
    '-g 50 -keyint_min 50 -sc_threshold 0',
    '-s:v:0 320x180 -b:v:0 200k -maxrate:v:0 220k -bufsize:v:0 400k',
    '-b:v:1 800k -maxrate:v:1 880k -bufsize:v:1 1600k',
    '-c:a aac -b:a 96k -f dash -seg_duration 2 -use_timeline 0 -hls_playlist 1',
  ].flatMap((line) => line.split(' '))
  // The sets have a space inside, which is why they are no part of the lines above.
  const output = ['-adaptation_sets', 'id=0,streams=v id=1,streams=a', join(folder, 'manifest.mpd')]
  await runFile('ffmpeg', [...args, ...output], { signal })
}

const TYPES = {
  '.mpd': 'application/dash+xml',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/iso.segment',
  '.js': 'text/javascript',
}

const sendFile = async (response, path) => {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) return response.writeHead(404).end()
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-store',
  })
  createReadStream(path).pipe(response)
}

/** What a recording breaks: `statuses` for the next video segments, `held` delays all, `gone`: no media. */
const makeNetwork = () => {
  let free = () => {}
  const network = {
    statuses: [],
    held: undefined,
    gone: false,
    hold: () => {
      network.held = new Promise((resolve) => {
        free = resolve
      })
    },
    release: () => {
      network.held = undefined
      free()
    },
  }
  return network
}

const isMediaSegment = (path) => path.startsWith('/media/chunk-')
/** ffmpeg numbers the streams as they are mapped: two of video, then audio. */
const isVideoSegment = (path) => /chunk-stream[01]-/.test(path)

const startServer = async (folder, network, onReport) => {
  const answer = async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    if (pathname === '/cmcd') {
      onReport({ content_type: request.headers['content-type'] ?? null, body: await text(request) })
      return response.writeHead(204).end()
    }
    const player = PLAYERS.find(({ name }) => pathname === `/${name}.html`)
    if (player)
      return response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(pageOf(player, searchParams.get('build')))
    if (network.gone && pathname.startsWith('/media/')) return response.writeHead(404).end()
    if (isMediaSegment(pathname)) {
      await network.held
      const status = isVideoSegment(pathname) && network.statuses.shift()
      if (status) return response.writeHead(status).end()
    }
    return sendFile(response, join(folder, pathname))
  }
  const server = createServer((request, response) =>
    answer(request, response).catch(() => response.destroy()),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const stopServer = async (server) => {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

const launch = (executablePath) =>
  chromium.launch({
    executablePath,
    // Playwright would end the process itself, and the temp folder would stay.
    handleSIGINT: false,
    handleSIGTERM: false,
    args: [
      // Chromium's sandbox does not start for root, as which CI runs.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--autoplay-policy=no-user-gesture-required',
      '--mute-audio',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-gpu',
    ],
  })

const onVideo = (page, change) => page.evaluate(`void (${change})`)

const play = (page) => onVideo(page, 'video.play().catch(() => {})')

const pause = async (page) => {
  await onVideo(page, 'video.pause()')
  await sleep(1000)
  await play(page)
}

const mute = async (page) => {
  await onVideo(page, 'video.muted = true')
  await sleep(500)
  await onVideo(page, 'video.muted = false')
}

const speedUp = async (page) => {
  await onVideo(page, 'video.playbackRate = 1.5')
  await sleep(1500)
  await onVideo(page, 'video.playbackRate = 1')
}

const seek = (page, seconds) => onVideo(page, `video.currentTime = ${seconds}`)

const goFullscreen = async (page) => {
  await onVideo(page, 'video.requestFullscreen().catch(() => {})')
  await sleep(500)
  await onVideo(page, 'document.fullscreenElement && document.exitFullscreen()')
}

/** Playwright keeps pages visible whatever is done to their window, so the page is told as it would be. */
const hide = async (page) => {
  await page.evaluate('setHidden(true)')
  await sleep(1000)
  await page.evaluate('setHidden(false)')
}

const waitForVideo = (page, condition) =>
  page.waitForFunction(condition, undefined, { timeout: 40_000 }).catch((error) => {
    throw new Error(`waiting for ${condition}: ${error.message}`)
  })

const stall = async (page, network) => {
  network.hold()
  await waitForVideo(page, 'video.readyState < 3 && !video.seeking')
  await sleep(3000)
  network.release()
  await waitForVideo(page, 'video.readyState > 2')
}

/** A 500 that players retry, then 404 until the player reports an error, or for some tries. */
const breakSegments = async (page, network, reports) => {
  const before = reports.length
  network.statuses = [500, ...Array(7).fill(404)]
  const isDone = () =>
    network.statuses.length === 0 || reports.slice(before).some(({ body }) => /(^|,)e=e(,|$)/m.test(body))
  for (const end = Date.now() + 12_000; Date.now() < end && !isDone(); ) await sleep(100)
  network.statuses = []
  await waitForVideo(page, 'video.readyState > 2')
}

const load = (page, cmcd) => page.evaluate((config) => void window.start(config), cmcd)

const start = async (page, cmcd) => {
  await load(page, cmcd)
  await waitForVideo(page, 'video.readyState > 0')
  await sleep(500)
  await play(page)
  await waitForVideo(page, 'video.currentTime > 2')
}

const stop = async (page) => {
  await page.evaluate('void window.stop()')
  // What a player sends when it is destroyed.
  await sleep(1000)
}

const finish = async (page) => {
  await waitForVideo(page, 'video.ended')
  await sleep(500)
  await stop(page)
}

const watchEverything = async ({ page, cmcd, network, reports }) => {
  await start(page, cmcd)
  await pause(page)
  await mute(page)
  await speedUp(page)
  await page.evaluate('window.customEvent?.()')
  await goFullscreen(page)
  await hide(page)
  await seek(page, 14)
  await sleep(1500)
  await stall(page, network)
  await sleep(500)
  await breakSegments(page, network, reports)
  await finish(page)
}

const watchBriefly = async ({ page, cmcd }) => {
  await start(page, cmcd)
  await mute(page)
  await pause(page)
  await seek(page, 32)
  await finish(page)
}

const watchNothing = async ({ page, cmcd, network }) => {
  network.gone = true
  await load(page, cmcd)
  await play(page)
  await sleep(5000)
  await stop(page)
  network.gone = false
}

/** All keys, one event per request; the player's own keys, several per request; and without media. */
const RECORDINGS = [
  { suffix: '', build: 'release', keys: KEYS, batchSize: 1, watch: watchEverything },
  { suffix: '-batched', build: 'release', keys: undefined, batchSize: 4, watch: watchBriefly },
  { suffix: '-unplayable', build: 'release', keys: KEYS, batchSize: 1, watch: watchNothing },
  { suffix: '-debug', build: 'debug', keys: KEYS, batchSize: 1, watch: watchEverything },
]

const withoutOrigin = (json, origin) =>
  [origin, encodeURIComponent(origin), encodeURIComponent(origin).toLowerCase()].reduce(
    (scrubbed, form) =>
      scrubbed.replaceAll(form, form === origin ? 'https://cdn.example' : 'https%3A%2F%2Fcdn.example'),
    json,
  )

const vectors = join(root, 'packages/schema/vectors/cmcd')

const write = async ({ name, version }, suffix, { config, requests }, origin) => {
  const file = `${name}-${version}${suffix}.json`
  const json = JSON.stringify({ player: name, version, config, requests }, null, 2)
  await mkdir(vectors, { recursive: true })
  await writeFile(join(vectors, file), `${withoutOrigin(json, origin)}\n`)
  console.log(`  ${file}: ${requests.length} requests`)
}

const openPage = async (browser, origin, { name }, build) => {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`  ${name}: ${error.message}`))
  await page.goto(`${origin}/${name}.html?build=${build}`)
  return page
}

const recordAll = async (players, { browser, origin, network, reports }) => {
  for (const player of players)
    for (const { suffix, build, watch, keys, batchSize } of RECORDINGS) {
      if (!player.bundles[build]) continue
      console.log(`Recording ${player.name}${suffix} …`)
      const target = { url: `${origin}/cmcd`, events: EVENTS, interval: INTERVAL_SECONDS, batchSize }
      const cmcd = player.cmcd(target, keys)
      reports.length = 0
      const page = await openPage(browser, origin, player, build)
      await watch({ page, cmcd, network, reports })
      await write(player, suffix, { config: cmcd, requests: [...reports] }, origin)
      await page.close()
    }
}

/** Rejects on Ctrl-C, for everything to be closed by whoever opened it. */
const makeInterrupt = () => {
  const controller = new AbortController()
  const interrupt = () => controller.abort(new Error('interrupted'))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const interrupted = new Promise((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason))
  })
  interrupted.catch(() => {})
  return { signal: controller.signal, orInterrupted: (work) => Promise.race([work, interrupted]) }
}

const prepare = async (folder, players, signal) => {
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  for (const player of players) await install(folder, player, signal)
  await makeStream(join(folder, 'media'), signal)
}

const record = async (players, executablePath) => {
  const { signal, orInterrupted } = makeInterrupt()
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-cmcd-'))
  const network = makeNetwork()
  const reports = []
  let server
  let browser
  try {
    await prepare(folder, players, signal)
    server = await startServer(folder, network, (report) => reports.push(report))
    browser = await launch(executablePath)
    const origin = `http://127.0.0.1:${server.address().port}`
    await orInterrupted(recordAll(players, { browser, origin, network, reports }))
  } finally {
    await browser?.close()
    if (server) await stopServer(server)
    await rm(folder, { recursive: true, force: true })
  }
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !PLAYERS.some((player) => player.name === name))
if (unknown) fail(`unknown player ${unknown}: one of ${PLAYERS.map(({ name }) => name).join(', ')}`)
await requireFfmpeg()
const executablePath = await findChromium()
await record(
  PLAYERS.filter(({ name }) => wanted.length === 0 || wanted.includes(name)),
  executablePath,
).catch((error) => fail(`recording failed: ${error.message}`))
