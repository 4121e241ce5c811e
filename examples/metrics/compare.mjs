import { readFileSync } from 'node:fs'
import { DEFINITION_SETS, foldView } from '@viewbeat/qoe'
import { figuresOf, summarise } from '@viewbeat/qoe/aggregate'

const events = readFileSync('events.ndjson', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const viewIds = new Set(events.map(({ view_id }) => view_id))
const views = [...viewIds].map((id) => foldView(events.filter(({ view_id }) => view_id === id)))

for (const [name, set] of Object.entries(DEFINITION_SETS)) {
  const { exit_before_start } = figuresOf(summarise(views, set))
  const { value, views: of } = exit_before_start ?? {}
  console.log(`${name}: ${value === undefined ? 'does not say' : `${value.toFixed(2)} of ${of} views`}`)
}
console.log(`why: ${DEFINITION_SETS.viewbeat.metrics.exit_before_start.says}`)
