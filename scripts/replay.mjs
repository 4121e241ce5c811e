// `npm run replay -- …`: writes what the archive holds into a sink once more.
import { build, setup } from './setup.mjs'

await setup()
await build('sinks')
await import('../packages/sinks/bin/viewbeat-replay.js')
