// `npm start`: sets up, builds the pages and runs the local pipeline in this process until Ctrl-C.
import { build, buildExamples, setup } from './setup.mjs'

await setup()
// The AWS client warns on Node 20 that its releases of 2027 will want 22; the lockfile holds it where it is.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
const { register } = await import('tsx/esm/api')
register()
const { main } = await import('../packages/local/src/main.ts')
await main(Promise.all([build('player-sdk', 'dashboard'), buildExamples()]))
