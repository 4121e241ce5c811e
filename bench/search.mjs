// Events a second of the sinks that can be asked: into a real OpenSearch on this machine, and into the embedded store.
//   node --expose-gc bench/search.mjs        (needs a JDK and, the first time, Maven; after npm test)
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { register } from 'tsx/esm/api'
import { startOpenSearch } from '../tests/engines/startOpenSearch.mjs'

register()
const { aRecord, streamEvent } = await import('../packages/sinks/test/streamEvent.ts')
const { newViewId } = await import('../packages/sinks/test/views.ts')
const { flattenRecord } = await import('../packages/schema/src/index.ts')
const { createSearchSink } = await import('../packages/sinks/src/search/createSearchSink.ts')
const { openSearchIndex } = await import('../packages/sinks/src/search/openSearchIndex.ts')
const { setUp } = await import('../packages/sinks/src/search/setUp.ts')
const { openStore } = await import('../packages/sinks/src/store/openStore.ts')

const SECONDS = Number(process.env.SECONDS ?? 20)
const RECORDS = 100
const EVENTS = 10
const IN_FLIGHT = 8

const number = (value) => Math.round(value).toLocaleString('en')
const quarantine = {
  put: async (entries) => {
    throw new Error(`refused: ${JSON.stringify(entries[0].rejections)}`)
  },
}
const failing = { consumed: ({ failed, reason }) => failed > 0 && console.log(`${failed} failed: ${reason}`) }

/** A batch as the SDK sends it: some events, the last of them with totals. */
const batch = (withTotals = true) => {
  const record = aRecord({ received_at: Date.now() })
  const ts = Date.now()
  const events = record.batch.events.slice(-EVENTS).map((event) => ({ ...event, ts }))
  if (!withTotals) events[EVENTS - 1] = { ...events[0], seq: events[EVENTS - 1].seq }
  return {
    ...record,
    batch: {
      ...record.batch,
      view_id: newViewId(),
      events: withTotals ? events : events.filter(({ type }) => type !== 'heartbeat'),
    },
  }
}
const invocation = (withTotals) => streamEvent(Array.from({ length: RECORDS }, () => batch(withTotals)))

/** Keeps so many invocations under way for a while; answers events a second and the CPU time of this process, µs an event. */
const run = async (sink, { seconds = SECONDS, withTotals = true } = {}) => {
  let records = 0
  const cpu = process.cpuUsage()
  const from = performance.now()
  const worker = async () => {
    while (performance.now() - from < seconds * 1000) {
      const event = invocation(withTotals)
      const { batchItemFailures } = await sink(event)
      if (batchItemFailures.length === 0) records += event.Records.length
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  const passed = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const events =
    records * (withTotals ? EVENTS : invocation(false).Records.length && batch(false).batch.events.length)
  return { perSecond: events / passed, cpu: (user + system) / events, events }
}

const heap = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}

console.log(
  `${IN_FLIGHT} invocations under way of ${RECORDS} records of ${EVENTS} events; Node ${process.versions.node}`,
)
const engine = await startOpenSearch()
try {
  const index = openSearchIndex({ url: engine.url })
  await setUp(index.client, { retentionDays: 30, replicas: 0 })
  const sink = createSearchSink({ index, quarantine, observer: failing })
  await run(sink, { seconds: 5 })
  const before = heap()
  const told = await run(sink)
  console.log(
    `OpenSearch, the SDK's batches        ${number(told.perSecond).padStart(7)} events/s (at least 5,000), ${told.cpu.toFixed(0)} µs CPU an event here; heap ${before.toFixed(0)} MB before, ${heap().toFixed(0)} MB after`,
  )
  const counted = await run(sink, { seconds: SECONDS / 2, withTotals: false })
  console.log(`OpenSearch, views without totals     ${number(counted.perSecond).padStart(7)} events/s`)
  await index.client.indices.refresh({ index: 'viewbeat-*' })
  const { body } = await index.client.count({ index: 'viewbeat-events-*' })
  console.log(`${number(body.count)} events are there`)
  await index.close()
} finally {
  await engine.stop()
}

const folder = mkdtempSync(join(tmpdir(), 'viewbeat-bench-'))
const store = await openStore(join(folder, 'viewbeat.duckdb'))
const measure = async (what, atOnce, records, rounds) => {
  const from = performance.now()
  for (let round = 0; round < rounds; round++)
    await Promise.all(
      Array.from({ length: atOnce }, () =>
        store.write(Array.from({ length: records }, () => batch()).flatMap(flattenRecord)),
      ),
    )
  const seconds = (performance.now() - from) / 1000
  console.log(
    `${what.padEnd(36)} ${number((atOnce * records * rounds * EVENTS) / seconds).padStart(7)} events/s`,
  )
}
await measure('DuckDB, one record a write', 1, 1, 60)
await measure('DuckDB, 50 such writes waiting', 50, 1, 10)
await measure('DuckDB, 100 records a write', 1, 100, 10)
await store.close()
rmSync(folder, { recursive: true })
