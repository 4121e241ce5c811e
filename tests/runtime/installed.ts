import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from '../root.ts'

const folder = join(root, 'node_modules/.cache/viewbeat-runtime/node_modules')

/** The Node that Lambda runs, and AWS's Runtime Interface Client; `scripts/testRuntime.mjs` installs both. */
export const installed = {
  node: join(folder, 'node/bin/node'),
  client: join(folder, 'aws-lambda-ric/index.mjs'),
}

const isExecutable = (path: string) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** AWS's Runtime Interface Emulator, where there is one on the PATH. */
export const emulator = (process.env.PATH ?? '')
  .split(delimiter)
  .map((place) => join(place, 'aws-lambda-rie'))
  .find(isExecutable)
