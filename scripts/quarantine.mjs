// `npm run quarantine -- report …`: what was refused, and sending it again after a fix.
import { build, setup } from './setup.mjs'

await setup()
await build('ingest-lambda')
await import('../packages/ingest-lambda/bin/viewbeat-quarantine.js')
