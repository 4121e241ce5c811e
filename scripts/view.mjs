// `npm run view -- <view_id>`: one view, from the running pipeline or from OpenSearch.
import { build, setup } from './setup.mjs'

await setup()
await build('sinks')
await import('../packages/sinks/bin/viewbeat-view.js')
