// How long from an event in the page until it is stored, and until it is found: the local pipeline as `npm start` runs it,
// viewers at their own pace with the SDK's own flush settings.
//   node bench/latency.mjs                                          (two minutes)
//   VIEWBEAT_SEARCH=http://127.0.0.1:9200 node bench/latency.mjs    (OpenSearch as well)
//   node bench/latency.mjs --search                                 (starts an OpenSearch for it)
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { register } from 'tsx/esm/api'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
register()
const { startLocal } = await import('../packages/local/src/startLocal.ts')
const { createPoster } = await import('../packages/local/src/load/createPoster.ts')
const { runLoad } = await import('../packages/local/src/load/runLoad.ts')
const { openJournal } = await import('../packages/local/src/journal/openJournal.ts')

const LOAD = { views: 60, minutes: 0.6, speed: 1, spreadMinutes: 0.75, seed: 1, drainMs: 30_000 }
const ORIGIN = 'https://www.publisher.example'

/** What the SDK sends within a second; the rest waits for a heartbeat. */
const URGENT = ['view_start', 'first_frame', 'error']

const TARGET_MS = 2000
const ASK_EVERY_MS = 100
const FOUND_AT_ONCE = 5000

const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1]

const row = (values) => ({
  events: values.length,
  p50_ms: quantile(values, 0.5),
  p95_ms: quantile(values, 0.95),
  max_ms: quantile(values, 1),
})

/** Asks again and again what can be found, as a person would; answers how long each urgent event took. */
const watchSearch = (search, began) => {
  const found = new Map()
  let isOver = false
  const body = {
    size: FOUND_AT_ONCE,
    query: { bool: { filter: [{ terms: { type: URGENT } }, { range: { ts: { gte: began } } }] } },
    _source: ['view_id', 'seq', 'type', 'ts'],
    sort: [{ ts: 'desc' }],
  }
  const ask = async () => {
    while (!isOver) {
      const answer = await fetch(`${search}/viewbeat-events-*/_search?ignore_unavailable=true`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      const { hits } = await answer.json()
      const now = Date.now()
      for (const { _source: event } of hits?.hits ?? []) {
        const id = `${event.view_id} ${event.seq}`
        if (!found.has(id)) found.set(id, now - event.ts)
      }
      await sleep(ASK_EVERY_MS)
    }
    return [...found.values()]
  }
  const asked = ask()
  return () => {
    isOver = true
    return asked
  }
}

/** What the journal adds to an answer: appends one after the other, and as many at a time as a busy page server has. */
const measureJournal = async (folder) => {
  const journal = await openJournal({ folder, consumers: ['store'], maxBytes: 1e9, log: console.error })
  const record = (n) => ({
    partitionKey: 'view',
    data: new Uint8Array(Buffer.from(`${n}`.padEnd(4000, 'x'))),
  })
  const append = async (n) => {
    const from = performance.now()
    await journal.append([record(n)])
    return performance.now() - from
  }
  const alone = []
  for (let n = 0; n < 200; n++) alone.push(await append(n))
  const together = []
  for (let round = 0; round < 20; round++)
    together.push(...(await Promise.all(Array.from({ length: 32 }, (_, n) => append(n)))))
  await journal.close()
  const rounded = ({ events, ...times }) => ({
    appends: events,
    ...Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, Number(ms.toFixed(2))])),
  })
  return { 'one at a time': rounded(row(alone)), '32 at a time': rounded(row(together)) }
}

const engine = process.argv.includes('--search')
  ? await (await import('../tests/engines/startOpenSearch.mjs')).startOpenSearch()
  : undefined
const search = engine?.url ?? process.env.VIEWBEAT_SEARCH
const dataDir = await mkdtemp(join(tmpdir(), 'viewbeat-latency-'))
const pipeline = await startLocal(
  { port: 0, dataDir, ...(search && { search }) },
  Promise.resolve(),
  console.error,
)
const stopWatching = search ? watchSearch(search, Date.now()) : undefined
const poster = createPoster(`${pipeline.url}/v1/events?key=pk_demo`, 32)
console.log(`${LOAD.views} viewers at their own pace …`)
const { views } = await runLoad({ ...LOAD, origin: ORIGIN }, { poster })
poster.close()
await sleep(3000)

const stored = []
for (const { viewId } of views) {
  const { events = [] } = await (await fetch(`${pipeline.url}/api/views/${viewId}`)).json()
  stored.push(...events)
}
const delays = (of) => stored.filter(of).map(({ ts, stored_at }) => stored_at - ts)
const urgent = row(delays(({ type }) => URGENT.includes(type)))
const found = stopWatching && row(await stopWatching())
const byType = Object.fromEntries(
  URGENT.map((type) => [`  ${type}`, row(delays((event) => event.type === type))]),
)
console.log('from the event to the store')
console.table({
  urgent,
  ...byType,
  'the others': row(delays(({ type }) => !URGENT.includes(type))),
})
if (found) {
  console.log(`from the event to being found in OpenSearch, asked every ${ASK_EVERY_MS} ms`)
  console.table({ urgent: found })
}
console.log('what the journal adds to an answer')
console.table(await measureJournal(join(dataDir, 'measured')))

await pipeline.stop()
await engine?.stop()
await rm(dataDir, { recursive: true })
const late = [urgent, found].filter((figures) => figures && figures.p95_ms > TARGET_MS)
if (late.length > 0) {
  console.log(`p95 is over ${TARGET_MS} ms`)
  process.exitCode = 1
}
process.exit()
