// What the SDK sends for a view, by the minute: requests, events, bytes, records. The cost model counts with it.
//   node bench/batch-sizes.mjs           (prints)
//   node bench/batch-sizes.mjs --write   (also writes packages/deploy/src/cost/measured.json)
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

register()
const { measureViews } = await import('../packages/local/src/load/measureViews.ts')
const { USUAL } = await import('../packages/local/src/load/scenario.ts')
const { virtualClock } = await import('../packages/player-sdk/test/virtualClock.ts')
const { SDK } = await import('../packages/player-sdk/src/sdk.ts')

const VIEWS = 40
const MINUTES = 60

/** `heartbeatMs`, in seconds; the SDK's own choice is 10 s in the first minute and 30 s after. */
const HEARTBEATS = { default: undefined, 60: 60_000, 120: 120_000 }

const heartbeats = {}
for (const [name, heartbeatMs] of Object.entries(HEARTBEATS)) {
  const measured = await measureViews(virtualClock, {
    views: VIEWS,
    minutes: MINUTES,
    incidents: USUAL,
    heartbeatMs,
  })
  heartbeats[name] = measured
  console.log(`heartbeat: ${name}`)
  console.table({
    'first minute': measured.first_minute,
    'later minute': measured.later_minute,
    end: measured.end,
  })
}
if (process.argv.includes('--write')) {
  const file = fileURLToPath(new URL('../packages/deploy/src/cost/measured.json', import.meta.url))
  const date = new Date().toISOString().slice(0, 10)
  const measured = { date, sdk: SDK, views: VIEWS, minutes: MINUTES, incidents_per_hour: USUAL, heartbeats }
  await writeFile(file, `${JSON.stringify(measured, null, 2)}\n`)
  console.log(`wrote ${file}`)
}
