// The gateway and the handler that ingest-load.mjs measures, in a process of their own; the Kinesis call is faked.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { powertoolsObserver } from '../packages/ingest-lambda/src/index.ts'
import { startIngest } from '../packages/local/src/load/startIngest.ts'

/** What a PutRecords call takes, ms. */
const KINESIS_MS = 8

const counted = { requests: 0, events: 0, records: 0, recordBytes: 0, logBytes: 0 }
const observer = powertoolsObserver(Date.now)
// Powertools has a console of its own, on standard output. CloudWatch bills 26 bytes beside each line.
process.stdout.write = (chunk) => {
  counted.logBytes += Buffer.byteLength(chunk) + 26
  return true
}
const loop = monitorEventLoopDelay({ resolution: 5 })
loop.enable()

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

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const stall = loop.max / 1e6
  loop.reset()
  process.send!({ ...counted, stall, cpu: (user + system) / 1e6, rss: process.memoryUsage().rss })
})
process.on('disconnect', () => process.exit(0))
process.send!({ url, kinesis_ms: KINESIS_MS })
