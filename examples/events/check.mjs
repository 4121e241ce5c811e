import { readFileSync } from 'node:fs'
import { checkOrder, parseBatch } from '@viewbeat/schema'

const parsed = parseBatch(JSON.parse(readFileSync('batch.json', 'utf8')))
if (!parsed.ok) throw new Error(`${parsed.rejection.path}: ${parsed.rejection.message}`)

for (const { index, path, message } of parsed.rejected) console.log(`event ${index}, ${path}: ${message}`)
for (const { seq, message } of checkOrder(parsed.batch.events)) console.log(`event ${seq}: ${message}`)
console.log(`${parsed.batch.events.length} events would be stored`)
