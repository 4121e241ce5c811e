// Posts mutated bodies to the ingest until one breaks a promise, and says what bad bodies cost beside good ones.
//   node bench/fuzz.mjs --bodies 1000000 [--seed 1] [--out fuzz-failure.json]
//   node bench/fuzz.mjs --replay fuzz-failure.json
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const { values } = parseArgs({
  options: {
    bodies: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    out: { type: 'string', default: 'fuzz-failure.json' },
    replay: { type: 'string' },
  },
})

/** The same code as the test's, so that both find the same. */
const load = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-fuzz-'))
  const outfile = join(folder, 'fuzz.mjs')
  await build({
    stdin: {
      contents: ['runFuzz', 'readVectors', 'judge', 'openIngest', 'measureCosts']
        .map((name) => `export { ${name} } from './${name}.ts'`)
        .join('\n'),
      resolveDir: at('tests/fuzz'),
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
  })
  const loaded = await import(pathToFileURL(outfile))
  await rm(folder, { recursive: true })
  return loaded
}

const { runFuzz, readVectors, judge, openIngest, measureCosts } = await load()

if (values.replay) {
  const ingest = openIngest()
  const request = JSON.parse(await readFile(values.replay, 'utf8')).request
  const verdict = await judge(ingest, request).then(
    ({ statusCode }) => `answered ${statusCode}, as it should be`,
    (error) => error.message,
  )
  ingest.close()
  console.log(verdict)
  process.exit()
}

const bodies = Number(values.bodies)
const seed = Number(values.seed)
const began = Date.now()
let drawn = 0
console.log(`${bodies.toLocaleString('en')} bodies, seed ${seed}`)
const result = await runFuzz(
  readVectors(at('packages/schema/vectors')),
  bodies,
  seed,
  ({ bodies, statuses }) => {
    if (Date.now() - drawn < 10_000) return
    drawn = Date.now()
    const perSecond = Math.round((bodies / (drawn - began)) * 1000)
    const mib = Math.round(process.memoryUsage().rss / 1024 / 1024)
    console.log(`${bodies.toLocaleString('en')} (${perSecond}/s, ${mib} MiB) ${JSON.stringify(statuses)}`)
  },
)
if (result.failure) {
  await writeFile(values.out, `${JSON.stringify(result.failure, null, 2)}\n`)
  console.log(
    `${result.failure.message}\nafter ${result.bodies} bodies, seed ${result.failure.seed}; saved in ${values.out}`,
  )
  process.exit(1)
}
const seconds = (Date.now() - began) / 1000
console.log(`${result.bodies.toLocaleString('en')} bodies in ${seconds.toFixed(0)} s: no promise broken`)
console.log(
  `answers ${JSON.stringify(result.statuses)}, events accepted ${result.accepted}, rejected ${result.rejected}`,
)

console.log('\nA bad body beside a good one of 20 events: median of ratios, whole handler')
for (const { name, bytes, us, ratio } of await measureCosts())
  console.log(
    `${name.padEnd(52)} ${String(bytes).padStart(7)} B ${us.toFixed(0).padStart(6)} µs ${ratio.toFixed(2).padStart(6)} ×`,
  )
