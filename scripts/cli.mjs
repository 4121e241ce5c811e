// `node scripts/cli.mjs packages/…/bin.ts …`: sets up, then runs a command line from its sources.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, setup } from './setup.mjs'

await setup()
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
const { register } = await import('tsx/esm/api')
register()
// A reader such as `head` may close the pipe early: that is its right.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const entry = join(root, process.argv[2])
process.argv.splice(1, 2, entry)
await import(pathToFileURL(entry).href)
