// `npm run synth` and `npm run deploy`: builds the functions, then what packages/deploy does with them.
import { build, setup } from './setup.mjs'

await setup()
await build('ingest-lambda', 'sinks')
process.argv.splice(2, 0, 'packages/deploy/src/cli/bin.ts')
await import('./cli.mjs')
