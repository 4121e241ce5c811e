import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Archive } from './archive.ts'

/** An archive in a folder: keys are paths, and what ends in `.partial` is not written yet. */
export const folderArchive = (folder: string): Archive => ({
  async *list(prefix) {
    const names = await readdir(join(folder, prefix)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    for (const name of names.filter((name) => !name.endsWith('.partial')).toSorted()) {
      const key = `${prefix}${name}`
      yield { key, bytes: (await stat(join(folder, key))).size }
    }
  },
  open: async (key) => createReadStream(join(folder, key)),
})
