// Whether one process of the ingest's handler behind the local gateway holds the peak of 100 M events a day for a minute:
// 5,800 events/s as the SDK batches them, over real HTTP, the Kinesis call faked; the load generator is another process.
//   node bench/ingest-load.mjs            (two and a half minutes)
//   node bench/ingest-load.mjs 3000 30    (events a second, seconds)
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

register()

/** What a PutRecords call takes, ms. */
const KINESIS_MS = 8

/** How many times as fast viewers' time passes, and how long those watch who watch, minutes. */
const SPEED = 20
const MINUTES = 4

/** No view is longer than this many times the average. */
const LONGEST = 3.3

/** The gateway and the handler, in a process of their own. */
const serve = async () => {
  const { powertoolsObserver } = await import('../packages/ingest-lambda/src/index.ts')
  const { startIngest } = await import('../packages/local/src/load/startIngest.ts')
  const counted = { requests: 0, events: 0, records: 0, recordBytes: 0, logBytes: 0 }
  const observer = powertoolsObserver(Date.now)
  // Powertools has a console of its own, on standard output. CloudWatch bills 26 bytes beside each line.
  process.stdout.write = (chunk) => {
    counted.logBytes += Buffer.byteLength(chunk) + 26
    return true
  }
  const { url } = await startIngest({
    putRecords: async (records) => {
      counted.records += records.length
      for (const { data } of records) counted.recordBytes += data.length
      await sleep(KINESIS_MS)
      return { left: [], retried: 0 }
    },
    observer: {
      ...observer,
      answered(facts) {
        counted.requests++
        counted.events += facts.accepted
        observer.answered(facts)
      },
    },
  })
  process.send({ url })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send({ ...counted, cpu: (user + system) / 1e6, rss: process.memoryUsage().rss })
  })
  process.on('disconnect', () => process.exit(0))
}

/** CPU time that the whole machine has used, s. */
const machineCpu = () =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000

const drive = async (wanted, seconds) => {
  const { runLoad } = await import('../packages/local/src/load/runLoad.ts')
  const { createPoster } = await import('../packages/local/src/load/createPoster.ts')
  const { printReport } = await import('../packages/local/src/load/printReport.ts')
  const { summarize } = await import('../packages/local/src/load/summarize.ts')
  const server = fork(fileURLToPath(import.meta.url), ['serve'], {
    stdio: ['ignore', 'ignore', process.env.DEBUG ? 'inherit' : 'ignore', 'ipc'],
  })
  const [{ url }] = await once(server, 'message')
  const ask = async () => {
    server.send('figures')
    const [figures] = await once(server, 'message')
    const { user, system } = process.cpuUsage()
    return { ...figures, at: performance.now() / 1000, ownCpu: (user + system) / 1e6, allCpu: machineCpu() }
  }
  const poster = createPoster(`${url}/v1/events?key=pk_demo`, 128)
  const load = { speed: SPEED, minutes: MINUTES, origin: 'https://www.publisher.example', drainMs: 30_000 }

  // How many events a view has, on average; and the code gets warm.
  const warm = { ...load, views: 500, spreadMinutes: 5, speed: 60, seed: 7 }
  const first = await runLoad(warm, { poster })
  const known = summarize(first)
  if (!known.holds) throw new Error(printReport(first, known).join('\n'))
  const perView = known.captured / warm.views
  // Views begin before what is measured, for as long as the longest lasts: then there are always as many under way.
  const before = (MINUTES * 60 * LONGEST) / SPEED
  const begins = before + seconds + 5
  const views = Math.round((wanted * begins) / perView)
  console.log(
    `${wanted} events/s asked for: ${views} views of ${perView.toFixed(1)} events, ${SPEED} times as fast`,
  )

  const latencies = []
  let measuring = false
  const stopper = new AbortController()
  const running = runLoad(
    { ...load, views, spreadMinutes: (begins * SPEED) / 60, seed: 1 },
    {
      poster,
      signal: stopper.signal,
      onAnswer: (status, ms) => {
        if (measuring) latencies.push(status === 202 ? ms : Number.POSITIVE_INFINITY)
      },
    },
  )
  await sleep(before * 1000)
  measuring = true
  const from = await ask()
  await sleep(seconds * 1000)
  const to = await ask()
  measuring = false
  stopper.abort()
  const summary = summarize(await running)
  server.disconnect()
  poster.close()

  const lasted = to.at - from.at
  const per = (name) => (to[name] - from[name]) / lasted
  latencies.sort((one, other) => one - other)
  const quantile = (q) => (latencies[Math.floor(latencies.length * q)] ?? Number.NaN).toFixed(1)
  const others = per('allCpu') - per('cpu') - per('ownCpu')
  console.log(
    [
      `held for ${lasted.toFixed(1)} s: ${per('events').toFixed(0)} events/s in ${per('requests').toFixed(0)} requests/s`,
      `latency at the sender, Kinesis taking ${KINESIS_MS} ms of it: p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, longest ${quantile(1 - 1e-9)} ms`,
      `CPU: gateway and handler ${(per('cpu') * 100).toFixed(0)} % of a core, ${((per('cpu') / per('requests')) * 1e6).toFixed(0)} µs a request; load generator ${(per('ownCpu') * 100).toFixed(0)} %, ${((per('ownCpu') / per('requests')) * 1e6).toFixed(0)} µs; everything else on this machine of ${cpus().length} cores ${(Math.max(0, others) * 100).toFixed(0)} %`,
      `memory of the handler's process: ${(to.rss / 2 ** 20).toFixed(0)} MiB`,
      `a record has ${(per('recordBytes') / per('records')).toFixed(0)} B; the function's own log ${(per('logBytes') / per('requests')).toFixed(0)} B a request`,
      `account: captured ${summary.captured}, accepted ${summary.accepted}, rejected ${summary.rejected}, reported dropped ${summary.reportedDropped}: ${summary.holds ? 'adds up' : 'DOES NOT ADD UP'}`,
    ].join('\n'),
  )
  process.exitCode = summary.holds ? 0 : 1
}

if (process.argv[2] === 'serve') await serve()
else await drive(Number(process.argv[2] ?? 5800), Number(process.argv[3] ?? 60))
