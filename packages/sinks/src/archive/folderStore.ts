import { mkdir, open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ObjectStore } from './objectStore.ts'

/** An object store in a folder: keys are paths. Synced and renamed into place, so that a crash leaves whole objects. */
export const folderStore = (folder: string): ObjectStore => ({
  async putObject(key, body) {
    const path = join(folder, key)
    await mkdir(dirname(path), { recursive: true })
    const partial = `${path}.partial`
    const file = await open(partial, 'w')
    try {
      await file.writeFile(body)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
  },
})
