// How fast a partner's log is judged: the command line on 100 MB of batches, start of the process included.
//   node bench/validate.mjs        (after npm test)
import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const everyType = JSON.parse(readFileSync(at('../packages/schema/vectors/1.0/valid/every-type.json'), 'utf8'))
const line = `${JSON.stringify({ ...everyType, events: everyType.events.slice(0, 20) })}\n`
const MEGABYTES = 100

const folder = mkdtempSync(join(tmpdir(), 'viewbeat-validate-'))
try {
  const file = join(folder, 'batches.ndjson')
  const stream = createWriteStream(file)
  for (let bytes = 0; bytes < MEGABYTES * 1e6; bytes += line.length) stream.write(line)
  await finished(stream.end())
  for (const options of [[], ['--strict']]) {
    const rates = Array.from({ length: 5 }, () => {
      const from = process.hrtime.bigint()
      const command = [at('../packages/schema/bin/viewbeat-schema.js'), 'validate', ...options, file]
      execFileSync(process.execPath, command, { stdio: 'ignore' })
      return (MEGABYTES * 1e9) / Number(process.hrtime.bigint() - from)
    })
    const rate = rates.toSorted((a, b) => a - b)[2]
    console.log(`validate ${options.join(' ').padEnd(9)} ${rate.toFixed(0).padStart(4)} MB/s`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
