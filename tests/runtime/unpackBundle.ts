import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../root.ts'

const run = promisify(execFile)

/** Zips the built function as it is uploaded, and unzips it as Lambda does; answers the folder. */
export const unpackBundle = async (folder: string) => {
  const zip = join(folder, 'ingest.zip')
  const task = join(folder, 'task')
  const bundle = join(root, 'packages/ingest-lambda/dist/index.mjs')
  await mkdir(task)
  // Python is there: the runtime client's native part is built with it.
  await run('python3', ['-m', 'zipfile', '-c', zip, bundle])
  await run('python3', ['-m', 'zipfile', '-e', zip, task])
  return task
}
