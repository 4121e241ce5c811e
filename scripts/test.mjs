// `npm test`: sets up, then lint, types, build and the tests. Arguments go to vitest: `npm test -- packages/schema`.
import { findChromium } from './findChromium.mjs'
import { build, buildExamples, run, setup } from './setup.mjs'

await setup()
process.env.CHROME_PATH = await findChromium()
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
await run('biome', ['check', '--error-on-warnings', '.'])
await run('tsc', ['--noEmit'])
await Promise.all([build('player-sdk', 'dashboard', 'schema', 'ingest-lambda'), buildExamples()])
// The five players against their truth take as long as all the rest: `npm run test:players`.
const args = process.argv.length > 2 ? process.argv.slice(2) : ['--project=unit', '--project=e2e']
await run('vitest', ['run', ...args])
