// What checking a batch costs beside reading its JSON, and how that grows with the input. Medians of ratios, one run.
//   node bench/parse-batch.mjs        (after npm test)
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseBatch } from '../packages/schema/dist/esm/index.js'

const vector = new URL('../packages/schema/vectors/1.0/valid/every-type.json', import.meta.url)
const everyType = JSON.parse(readFileSync(fileURLToPath(vector), 'utf8'))

const batchOf = (count, change = (event) => event) => {
  const events = Array.from({ length: count }, (_, seq) =>
    change({ ...everyType.events[seq % everyType.events.length], seq }),
  )
  return JSON.stringify({ ...everyType, spec: '1.2', events })
}

const microseconds = (work, times) => {
  const from = process.hrtime.bigint()
  for (let time = 0; time < times; time++) work()
  return Number(process.hrtime.bigint() - from) / 1000 / times
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** `JSON.parse` and `parseBatch` in turn, so that both meet the same machine. */
const compare = (text, times) => {
  const read = () => JSON.parse(text)
  const check = () => parseBatch(JSON.parse(text))
  for (let round = 0; round < 5; round++) [read, check].map((work) => microseconds(work, times))
  const rounds = Array.from({ length: 31 }, () => {
    const json = microseconds(read, times)
    return { json, ratio: (microseconds(check, times) - json) / json }
  })
  return { json: median(rounds.map(({ json }) => json)), ratio: median(rounds.map(({ ratio }) => ratio)) }
}

const report = (name, text, times) => {
  const { json, ratio } = compare(text, times)
  const cost = `JSON.parse ${json.toFixed(1).padStart(7)} µs, parseBatch ${ratio.toFixed(2).padStart(5)} times that`
  console.log(`${name.padEnd(34)} ${String(text.length).padStart(7)} B  ${cost}`)
}

report('20 events, as most batches', batchOf(20), 1000)
report(
  '20 events, all of them wrong',
  batchOf(20, (event) => ({ ...event, t_ms: -1 })),
  300,
)
report('20 events of 1.0, to be upcast', batchOf(20).replace('"spec":"1.2"', '"spec":"1.0"'), 1000)
for (const count of [1, 10, 100, 500])
  report(count === 1 ? '1 event' : `${count} events`, batchOf(count), Math.ceil(10_000 / count))
