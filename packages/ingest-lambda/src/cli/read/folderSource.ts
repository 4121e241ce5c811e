import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { QuarantineSource } from './source.ts'

/**
 * A quarantine in a folder, at any depth; names that begin with a dot are not part of it. What is written to a file
 * after it was listed is left for the next time.
 */
export const folderSource = (folder: string): QuarantineSource => ({
  async *list() {
    const found = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = found
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .filter((path) => !/(^|[\\/])\./.test(relative(folder, path)))
      .toSorted()
    const sizes = await Promise.all(files.map(async (path) => (await stat(path)).size))
    for (const [index, path] of files.entries()) {
      const end = sizes[index]! - 1
      if (end >= 0) yield { name: relative(folder, path), open: async () => createReadStream(path, { end }) }
    }
  },
})
