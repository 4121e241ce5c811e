import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SpillObjects } from './objects.ts'

/** Spilled records in a folder. */
export const folderObjects = (folder: string): SpillObjects => ({
  async put(name, body) {
    const file = join(folder, name)
    await mkdir(dirname(file), { recursive: true })
    // Whoever drains the folder meets whole files only.
    await writeFile(`${file}.part`, body)
    await rename(`${file}.part`, file)
  },
  async list(limit, after = '') {
    const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return names
      .filter((name) => name.endsWith('.ndjson') && name > after)
      .toSorted()
      .slice(0, limit)
  },
  get: (name) => readFile(join(folder, name)),
  remove: (name) => rm(join(folder, name)),
})
