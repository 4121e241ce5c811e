// What the archive costs for a core: decoding, flat lines, gzip by level, and the whole sink into a bucket on this machine; and
// whether it keeps memory over the invocations of an hour. Medians, CPU time.
//   node --expose-gc bench/archive.mjs

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { register } from 'tsx/esm/api'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

// The bucket: a server that takes what is put and answers, in a process of its own, so that its time is not counted.
if (process.env.BENCH_BUCKET) {
  let stored = 0
  const server = createServer((request, response) => {
    request.on('data', (bytes) => {
      stored += bytes.length
    })
    request.on('end', () => response.setHeader('etag', '"a"').end())
  }).listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
  process.on('message', () => process.send({ stored }))
  process.on('disconnect', () => process.exit())
} else await bench()

async function bench() {
  register()
  const { openView } = await import('../packages/local/src/load/openView.ts')
  const { writeWatch } = await import('../packages/local/src/load/writeWatch.ts')
  const { USUAL } = await import('../packages/local/src/load/scenario.ts')
  const { createRandom } = await import('../packages/local/src/load/createRandom.ts')
  const { virtualClock } = await import('../packages/player-sdk/test/virtualClock.ts')

  const folder = mkdtempSync(join(tmpdir(), 'viewbeat-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  const bundle = join(folder, 'archive.mjs')
  await build({
    stdin: {
      contents: `export { createArchiveSink } from './archive/createArchiveSink.ts'
        export { createS3Client, s3Store } from './archive/s3Store.ts'
        export { toLines } from './consume/toLines.ts'
        export { powertoolsSinkObserver } from './consume/powertoolsSinkObserver.ts'
        export { decodeRecord, encodeRecord, flattenRecord } from '@viewbeat/schema'`,
      resolveDir: at('../packages/sinks/src'),
      loader: 'ts',
    },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module';const require=createRequire(import.meta.url);",
    },
  })
  const sinks = await import(pathToFileURL(bundle))
  const { createArchiveSink, createS3Client, decodeRecord, encodeRecord, flattenRecord } = sinks
  const { powertoolsSinkObserver, s3Store, toLines } = sinks

  // Standard output is thrown away where the sink writes its metrics to it.
  const say = console.log
  process.stdout.write = (
    (write) =>
    (text, ...rest) =>
      String(text).startsWith('{"') ? true : write.call(process.stdout, text, ...rest)
  )(process.stdout.write)

  /** What the SDK posts of a view that is watched for ten minutes: batches. */
  const watch = async (seed) => {
    const { clock, pass } = virtualClock()
    const random = createRandom(seed)
    const batches = []
    const network = {
      pack: async (text) => text,
      post: async (_, body) => {
        batches.push(...body.split('\n').map(JSON.parse))
        return [202, 0]
      },
      beacon: () => true,
      leave: () => true,
    }
    const scenario = writeWatch(random, { leaves_at: 600_000, incidents: USUAL })
    const view = openView({ scenario, clock, network, address: '/v1/events?key=pk_demo', random })
    void view.watch()
    for (let minute = 0; minute < 10; minute++) await pass(60_000)
    return batches
  }
  const views = []
  for (let seed = 1; seed <= 20; seed++) views.push(await watch(seed))

  const received_at = Date.UTC(2026, 10, 22, 5)
  const client = {
    ip_prefix: '203.0.113.0/24',
    country: 'DE',
    browser: 'Chrome',
    os: 'Windows',
    device_type: 'desktop',
  }
  const toRecord = (batch) => ({ v: 1, received_at, publisher: 'demo', client, batch })
  const EVENTS = 20
  const asSent = views.flat().map(toRecord)
  const inBatches = views.map((batches) =>
    toRecord({ ...batches.at(-1), events: batches.flatMap(({ events }) => events).slice(0, EVENTS) }),
  )

  const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
  const cpu = () => {
    const { user, system } = process.cpuUsage()
    return user + system
  }
  /** CPU time of `work`, µs. */
  const measure = async (work, rounds = 21) => {
    for (let round = 0; round < rounds; round++) await work()
    const times = []
    for (let round = 0; round < rounds; round++) {
      const before = cpu()
      await work()
      times.push(cpu() - before)
    }
    return median(times)
  }

  let sequence = 0
  /** An invocation as Lambda makes it, with numbers of its own. */
  const toEvent = (data) => ({
    Records: data.map((text) => ({
      eventID: `shardId-000000000000:${++sequence}`,
      kinesis: { data: text, sequenceNumber: String(sequence) },
    })),
  })
  const quarantine = {
    put: async () => {
      throw new Error('refused')
    },
  }

  const bucket = fork(at('archive.mjs'), { env: { ...process.env, BENCH_BUCKET: '1' } })
  const [{ port }] = await once(bucket, 'message')
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
  })
  const sink = createArchiveSink({
    objects: s3Store('archive', '', createS3Client(process.env)),
    quarantine,
    observer: powertoolsSinkObserver('viewbeat-archive'),
  })
  const consume = async (data) => {
    const { batchItemFailures } = await sink(toEvent(data))
    if (batchItemFailures.length > 0) throw new Error('not stored')
  }

  say(`Node ${process.versions.node}; events/s are for a core, µs of CPU time an event`)
  for (const [name, records] of [
    ['batches as the SDK sends them', asSent],
    [`batches of ${EVENTS} events`, inBatches],
  ]) {
    const events = records.reduce((sum, { batch }) => sum + batch.events.length, 0)
    const bytes = records.map((record) => Buffer.from(encodeRecord(record)))
    const text = Buffer.from(records.flatMap((record) => toLines(record)).join(''))
    const raw = bytes.reduce((sum, { length }) => sum + length, 0)
    say(
      `\n${name}: ${records.length} records, ${events} events, ${Math.round(raw / events)} B an event in the stream, ${Math.round(text.length / events)} B flat (× ${(text.length / raw).toFixed(1)})`,
    )
    const report = (title, time, note = '') =>
      say(
        `${title.padEnd(34)} ${(time / events).toFixed(2).padStart(6)} µs  ${Math.round((events / time) * 1e6)
          .toLocaleString('en')
          .padStart(9)} events/s${note}`,
      )
    const data = bytes.map((record) => record.toString('base64'))
    report(
      'base64 and JSON.parse',
      await measure(() => data.map((record) => decodeRecord(Buffer.from(record, 'base64')))),
    )
    report(
      'lines, each written anew',
      await measure(() =>
        Buffer.from(
          records
            .flatMap(flattenRecord)
            .map((event) => `${JSON.stringify(event)}\n`)
            .join(''),
        ),
      ),
    )
    report(
      'lines, context spliced',
      await measure(() => Buffer.from(records.flatMap((record) => toLines(record)).join(''))),
    )
    for (const level of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const time = await measure(() => gzipSync(text, { level }), 9)
      const size = gzipSync(text, { level }).length / events
      report(
        `gzip, level ${level}`,
        time,
        `  ${size.toFixed(1)} B an event${level === 5 ? '  <- in use' : ''}`,
      )
    }
    // As many records as an invocation of a few thousand events has.
    const many = Array.from({ length: Math.ceil(8000 / events) }, () => data).flat()
    const whole = (await measure(() => consume(many), 9)) / Math.ceil(8000 / events)
    report('the sink, into a bucket', whole, '  (at least 50,000)')
  }

  // An hour of 1,157 events/s (100 million a day) with a window of 60 s over two shards: 120 invocations.
  const EVENTS_PER_INVOCATION = 1157 * 30
  const data = inBatches.map((record) => Buffer.from(encodeRecord(record)).toString('base64'))
  const invocation = Array.from(
    { length: Math.ceil(EVENTS_PER_INVOCATION / EVENTS) },
    (_, index) => data[index % data.length],
  )
  const memory = () => {
    globalThis.gc?.()
    const { heapUsed, rss, arrayBuffers } = process.memoryUsage()
    return { heap: heapUsed / 1e6, rss: rss / 1e6, buffers: arrayBuffers / 1e6 }
  }
  const show = ({ heap, rss, buffers }) =>
    `heap ${heap.toFixed(1)} MB, buffers ${buffers.toFixed(1)} MB, resident ${rss.toFixed(0)} MB`
  for (let warm = 0; warm < 5; warm++) await consume(invocation)
  const from = memory()
  const began = process.hrtime.bigint()
  for (let time = 0; time < 120; time++) await consume(invocation)
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  say(
    `\nan hour at 1,157 events/s: 120 invocations of ${invocation.length * EVENTS} events in ${seconds.toFixed(1)} s (${Math.round((120 * invocation.length * EVENTS) / seconds).toLocaleString('en')} events/s by the clock)`,
  )
  say(
    `before: ${show(from)}\nafter:  ${show(memory())}${globalThis.gc ? '' : ' (no --expose-gc: not collected)'}`,
  )
  bucket.send('how much')
  const [{ stored }] = await once(bucket, 'message')
  if (stored < 1e6) throw new Error('nothing was stored')
  bucket.disconnect()
}
