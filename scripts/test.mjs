// `npm test`: sets up, then lint, types, build and every test. Arguments go to vitest: `npm test -- packages/schema`.
import { findChromium } from './findChromium.mjs'
import { build, buildExamples, run, setup } from './setup.mjs'

await setup()
process.env.CHROME_PATH = await findChromium()
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
await run('biome', ['check', '--error-on-warnings', '.'])
await run('tsc', ['--noEmit'])
await Promise.all([build('player-sdk', 'dashboard', 'schema'), buildExamples()])
await run('vitest', ['run', ...process.argv.slice(2)])
