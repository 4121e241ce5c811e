import { register } from 'tsx/esm/api'
import { findChromium } from './findChromium.mjs'
import { fail, run } from './setup.mjs'

/*
 * Plays a scenario of tests/truth in Chromium and makes a golden trace of it, in packages/player-sdk/traces:
 *   node scripts/recordTrace.mjs <player> <scenario> [--live]
 * What is expected is what a witness of the frames saw, not what the SDK says.
 */

process.env.CHROME_PATH = await findChromium()
register()
const { main } = await import('../packages/player-sdk/test/traces/record/main.ts')
const file = await main(process.argv.slice(2)).catch(({ message }) => fail(message))
await run('biome', ['format', '--write', file])
console.log(file)
