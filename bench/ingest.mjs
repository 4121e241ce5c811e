// What the ingest costs beside reading a body's JSON, how it starts, and whether it keeps memory. Medians of ratios, one run.
//   node --expose-gc bench/ingest.mjs        (after npm test)
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { register } from 'tsx/esm/api'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
register()
const { openView } = await import('../packages/local/src/load/openView.ts')
const { writeWatch } = await import('../packages/local/src/load/writeWatch.ts')
const { USUAL } = await import('../packages/local/src/load/scenario.ts')
const { createRandom } = await import('../packages/local/src/load/createRandom.ts')
const { virtualClock } = await import('../packages/player-sdk/test/virtualClock.ts')
const sample = JSON.parse(readFileSync(at('../packages/ingest-lambda/fixtures/http-api-2.0.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'viewbeat-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true }))

const bundle = join(folder, 'ingest.mjs')
await build({
  entryPoints: [at('../packages/ingest-lambda/src/index.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
})
const { createHandler, kinesisPutRecords, powertoolsObserver, readKeyBook } = await import(
  pathToFileURL(bundle)
)

// Everything is real but the network: PutRecords is answered at once, and standard output is thrown away.
process.stdout.write = (
  (write) =>
  (text, ...rest) =>
    String(text).startsWith('{"') ? true : write.call(process.stdout, text, ...rest)
)(process.stdout.write)
const { keys } = readKeyBook({ pk_demo: { publisher: 'demo', origins: ['*'] } })
let stored = 0
const aws = {
  call: async (_service, _action, input) => {
    stored += input.length
    return { Records: [{}] }
  },
}
const handler = createHandler({
  keys: () => keys,
  putRecords: kinesisPutRecords(aws, 'viewbeat'),
  quarantine: { put: async () => {} },
  observer: powertoolsObserver(Date.now),
  now: Date.now,
})

const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const eventOf = (body, isBase64Encoded) => ({
  ...sample,
  rawPath: '/v1/events',
  queryStringParameters: { key: 'pk_demo' },
  headers: {
    'content-type': 'text/plain;charset=UTF-8',
    'user-agent': USER_AGENT,
    origin: 'https://pub.example',
  },
  requestContext: { ...sample.requestContext, http: { ...sample.requestContext.http, method: 'POST' } },
  body,
  isBase64Encoded,
})

/** What the SDK posts of a view that is watched for ten minutes: batches. */
const watched = await (async () => {
  const { clock, pass } = virtualClock()
  const random = createRandom(1)
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
})()

/** A batch of so many events, as it would wait of a view whose page was offline. */
const EVENTS = 20
const backlog = {
  ...watched.at(-1),
  events: watched.flatMap(({ events }) => events).slice(0, EVENTS),
}
const batchOf = (change = (event) => event) =>
  JSON.stringify({ ...backlog, events: backlog.events.map(change) })
const good = batchOf()

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const cpuOf = async (work, times) => {
  const before = process.cpuUsage()
  for (let time = 0; time < times; time++) await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}

/** `JSON.parse` of the good body and the handler in turn, so that both meet the same machine. CPU time, µs. */
const compare = async (event, status, times = 400) => {
  const parse = () => JSON.parse(good)
  const handle = async () => {
    const { statusCode } = await handler(event)
    if (statusCode !== status) throw new Error(`answered ${statusCode}`)
  }
  for (let round = 0; round < 5; round++) for (const work of [parse, handle]) await cpuOf(work, times)
  const rounds = []
  for (let round = 0; round < 25; round++) {
    const json = await cpuOf(parse, times)
    const whole = await cpuOf(handle, times)
    rounds.push({ whole, ratio: whole / json })
  }
  return { whole: median(rounds.map(({ whole }) => whole)), ratio: median(rounds.map(({ ratio }) => ratio)) }
}

const report = (name, { whole, ratio }, note = '') =>
  console.log(
    `${name.padEnd(44)} ${whole.toFixed(0).padStart(5)} µs CPU, ${ratio.toFixed(2).padStart(5)} × JSON.parse${note}`,
  )

console.log(
  `a body of ${EVENTS} events, ${good.length} B, gzip ${gzipSync(good).length} B; Node ${process.versions.node}`,
)
const text = await compare(eventOf(good, false), 202)
report(
  'text',
  text,
  `  (limit 5), ${Math.round((EVENTS / text.whole) * 1e6).toLocaleString('en')} events/s a core (at least 100,000)`,
)
report('gzip, as base64', await compare(eventOf(gzipSync(good).toString('base64'), true), 202), '  (limit 8)')
report('garbage: bytes', await compare(eventOf(gzipSync(good).toString('latin1'), false), 400))
report('garbage: cut in the middle', await compare(eventOf(good.slice(0, -50), false), 400))
report(
  'garbage: gzip cut in the middle',
  await compare(eventOf(gzipSync(good).subarray(0, 900).toString('base64'), true), 400),
)
report(
  'garbage: JSON that is no batch',
  await compare(eventOf(JSON.stringify({ ...backlog, view_id: 7 }), false), 202),
)
report(
  'one bad event of 20',
  await compare(
    eventOf(
      batchOf((event) => (event.seq === 7 ? { ...event, t_ms: -1 } : event)),
      false,
    ),
    202,
  ),
)
report(
  '20 bad events of 20',
  await compare(
    eventOf(
      batchOf((event) => ({ ...event, t_ms: -1 })),
      false,
    ),
    202,
  ),
)
report(
  'unknown key',
  await compare({ ...eventOf(good, false), queryStringParameters: { key: 'pk_no' } }, 403),
)

const built = at('../packages/ingest-lambda/dist/index.mjs')
execFileSync(process.execPath, [at('../packages/ingest-lambda/build.mjs')])
console.log(`bundle ${(statSync(built).size / 1000).toFixed(0)} kB minified (limit 450)`)
const IMPORT = `const before = process.cpuUsage()
await import(${JSON.stringify(pathToFileURL(built).href)})
const { user, system } = process.cpuUsage(before)
console.log((user + system) / 1000)`
const imports = Array.from({ length: 11 }, () =>
  Number(execFileSync(process.execPath, ['--input-type=module', '--eval', IMPORT], { encoding: 'utf8' })),
)
console.log(
  `cold import ${median(imports).toFixed(0)} ms CPU, median of ${imports.length} processes (limit 100)`,
)

const heap = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}
const from = heap()
const event = eventOf(good, false)
const before = process.hrtime.bigint()
for (let request = 0; request < 1e6 / EVENTS; request++) await handler(event)
const seconds = Number(process.hrtime.bigint() - before) / 1e9
console.log(
  `1,000,000 events in ${seconds.toFixed(1)} s; heap ${from.toFixed(1)} MB before, ${heap().toFixed(1)} MB after${globalThis.gc ? '' : ' (no --expose-gc: not collected)'}`,
)
if (stored === 0) throw new Error('nothing was stored')
