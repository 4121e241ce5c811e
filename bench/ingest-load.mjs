// Whether one process of the ingest's handler behind the local gateway holds the peak of 100 M events a day for a minute:
// 5,800 events/s as the SDK batches them, over real HTTP, the Kinesis call faked; the sender is another process.
//   node bench/ingest-load.mjs            (a minute and a half)
//   node bench/ingest-load.mjs 3000 30    (events a second, seconds)
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { register } from 'tsx/esm/api'

register()

/** How long those watch who watch, on average, minutes; the longest three times that. */
const MINUTES = 4

/** Views that are played beforehand, in virtual time: what they post is sent again and again, each time at another moment. */
const VIEWS = 1500

/** How long the code may get warm, s. */
const WARM_S = 5

const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

/** CPU time that the whole machine has used, s. */
const machineCpu = () =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000

/** What the SDK posts of views, each post with its moment in its view. */
const record = async () => {
  const { openView } = await import('../packages/local/src/load/openView.ts')
  const { createPageNetwork } = await import('../packages/local/src/load/createPageNetwork.ts')
  const { createRandom } = await import('../packages/local/src/load/createRandom.ts')
  const { writeScenario } = await import('../packages/local/src/load/writeScenario.ts')
  const { virtualClock } = await import('../packages/player-sdk/test/virtualClock.ts')
  const random = createRandom(1)
  const views = []
  for (let view = 0; view < VIEWS; view++) {
    const { clock, pass } = virtualClock(Date.now())
    const posts = []
    let events = 0
    const poster = {
      post: async (body, headers) => {
        posts.push({ at: clock.now(), body, headers, events })
        return { status: 202, retryAfterMs: 0, text: '' }
      },
    }
    const page = { origin: 'https://www.publisher.example', userAgent: USER_AGENT }
    const network = createPageNetwork(poster, page, {
      sent: (text) => {
        events = text.split('\n').reduce((sum, line) => sum + JSON.parse(line).events.length, 0)
      },
      answered: () => {},
    })
    const scenario = writeScenario(random, MINUTES)
    const opened = openView({ scenario, clock, network, address: '/v1/events?key=pk_demo', random })
    void opened.watch()
    await pass(scenario.leaves_at + 1000)
    opened.leave()
    await pass(1000)
    views.push(posts)
  }
  return views
}

const sumOf = (posts) => posts.reduce((sum, { events }) => sum + events, 0)

/** So many events a second for so long: views that begin at any moment, and go on at the beginning when the time is over. */
const schedule = (views, wanted, seconds, random) => {
  const posts = []
  for (let events = 0, view = 0; events < wanted * seconds; view++) {
    const begins = random() * seconds * 1000
    for (const post of views[view % views.length]) {
      posts.push({ ...post, at: (begins + post.at) % (seconds * 1000) })
      events += post.events
    }
  }
  return posts.sort((one, other) => one.at - other.at)
}

/** Sends each post when it is due, whatever became of those before it. Answers how long each took from then on, ms. */
const send = async (posts, poster) => {
  const begin = performance.now()
  const latencies = new Float64Array(posts.length)
  let accepted = 0
  let answered = 0
  const sendOne = async ({ at, body, headers }) => {
    const { status, text } = await poster.post(body, headers)
    latencies[answered++] = status === 202 ? performance.now() - begin - at : Number.POSITIVE_INFINITY
    if (status === 202) accepted += JSON.parse(text).accepted
  }
  // No list of what is under way: two hundred thousand promises that are kept cost the sender pauses of its own.
  for (let next = 0; next < posts.length; await sleep(1))
    for (; next < posts.length && posts[next].at <= performance.now() - begin; next++)
      void sendOne(posts[next])
  while (answered < posts.length) await sleep(1)
  return { latencies, accepted }
}

/** The server as it would be deployed, in one file: what runs sources for developers costs a tenth more. */
const bundle = async (folder) => {
  const outfile = join(folder, 'server.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('ingestServer.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  return outfile
}

const drive = async (wanted, seconds) => {
  const { createPoster } = await import('../packages/local/src/load/createPoster.ts')
  const { createRandom } = await import('../packages/local/src/load/createRandom.ts')
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-load-'))
  const server = fork(await bundle(folder), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [{ url, kinesis_ms }] = await once(server, 'message')
  const loop = monitorEventLoopDelay({ resolution: 5 })
  loop.enable()
  const ask = async () => {
    server.send('figures')
    const [figures] = await once(server, 'message')
    const { user, system } = process.cpuUsage()
    const ownStall = loop.max / 1e6
    loop.reset()
    return {
      ...figures,
      ownStall,
      at: performance.now() / 1000,
      ownCpu: (user + system) / 1e6,
      allCpu: machineCpu(),
    }
  }
  const poster = createPoster(`${url}/v1/events?key=pk_demo`, 128)
  const random = createRandom(2)
  const views = await record()
  const all = views.flat()
  console.log(
    `${wanted} events/s asked for, as ${VIEWS} views post them: ${(sumOf(all) / all.length).toFixed(2)} events a request`,
  )
  await send(schedule(views, wanted, WARM_S, random), poster)
  const posts = schedule(views, wanted, seconds, random)
  const captured = sumOf(posts)

  const from = await ask()
  const { latencies, accepted } = await send(posts, poster)
  const to = await ask()
  server.disconnect()
  poster.close()
  await rm(folder, { recursive: true })

  const lasted = to.at - from.at
  const per = (name) => (to[name] - from[name]) / lasted
  latencies.sort()
  const quantile = (q) => (latencies[Math.floor(latencies.length * q)] ?? Number.NaN).toFixed(1)
  const others = per('allCpu') - per('cpu') - per('ownCpu')
  console.log(
    [
      `held for ${lasted.toFixed(1)} s: ${per('events').toFixed(0)} events/s in ${per('requests').toFixed(0)} requests/s`,
      `latency from when a post was due, Kinesis taking ${kinesis_ms} ms of it: p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, longest ${quantile(1 - 1e-9)} ms`,
      `longest that a process stood still: gateway and handler ${to.stall.toFixed(0)} ms, sender ${to.ownStall.toFixed(0)} ms`,
      `CPU: gateway and handler ${(per('cpu') * 100).toFixed(0)} % of a core, ${((per('cpu') / per('requests')) * 1e6).toFixed(0)} µs a request; sender ${(per('ownCpu') * 100).toFixed(0)} %, ${((per('ownCpu') / per('requests')) * 1e6).toFixed(0)} µs; everything else on this machine of ${cpus().length} cores ${(Math.max(0, others) * 100).toFixed(0)} %`,
      `memory of the handler's process: ${(to.rss / 2 ** 20).toFixed(0)} MiB`,
      `a record has ${(per('recordBytes') / per('records')).toFixed(0)} B; the function's own log ${(per('logBytes') / per('requests')).toFixed(0)} B a request`,
      `account: captured ${captured}, accepted ${accepted}: ${captured === accepted ? 'adds up' : 'DOES NOT ADD UP'}`,
    ].join('\n'),
  )
  process.exitCode = captured === accepted ? 0 : 1
}

await drive(Number(process.argv[2] ?? 5800), Number(process.argv[3] ?? 60))
