import { join } from 'node:path'
import { root } from '../root.ts'

const folder = join(root, 'node_modules/.cache/viewbeat-runtime/node_modules')

/** The Node that Lambda runs, and AWS's Runtime Interface Client; `scripts/testRuntime.mjs` installs both. */
export const installed = {
  node: join(folder, 'node/bin/node'),
  client: join(folder, 'aws-lambda-ric/index.mjs'),
}

/** AWS's Runtime Interface Emulator, where `scripts/testRuntime.mjs` found one. */
export const emulator = process.env.VIEWBEAT_EMULATOR
