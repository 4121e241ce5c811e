// `npm run synth` and `npm run deploy`: builds the functions, then what packages/deploy does with them.
import { join } from 'node:path'
import { build, root, run, setup } from './setup.mjs'

await setup()
await build('ingest-lambda', 'sinks')
await run('tsx', [join(root, 'packages/deploy/src/cli/bin.ts'), ...process.argv.slice(2)])
