// `npm run test:engines`: the sinks against the real engines they write for, OpenSearch and Spark. Arguments go to vitest.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { startOpenSearch } from '../tests/engines/startOpenSearch.mjs'
import { findSpark } from './findSpark.mjs'
import { root, setup } from './setup.mjs'

await setup()
const python = await findSpark()
console.log('Starting OpenSearch …')
const { url, stop } = await startOpenSearch()

const withoutSpark = python ? [] : ['--exclude', 'tests/engines/spark.test.ts']
const vitest = spawn(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project=engines',
    ...withoutSpark,
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, OPENSEARCH_URL: url, ...(python && { VIEWBEAT_SPARK_PYTHON: python }) },
  },
)
// Ctrl-C reaches the tests by itself; then the engine has to be stopped all the same.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => vitest.kill(signal))
const [code] = await once(vitest, 'exit')
await stop()
process.exit(code ?? 1)
