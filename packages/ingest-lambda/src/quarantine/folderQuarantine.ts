import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Quarantine, QuarantineEntry } from '@viewbeat/schema'

/** Where an entry belongs in the folder: by the hour it arrived, as the archive does it. */
const fileOf = (folder: string, { received_at }: QuarantineEntry) => {
  const [day, time] = new Date(received_at).toISOString().split('T') as [string, string]
  return join(folder, `dt=${day}`, `hour=${time.slice(0, 2)}`, 'quarantine.ndjson')
}

/** Appends lines in one write, so that nobody who reads or writes meanwhile meets a half of one. */
const append = async (path: string, lines: string) => {
  const file = await open(path, 'a+')
  try {
    const { size } = await file.stat()
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1))
    // A writer that was killed may have left half a line: what follows is not glued to it.
    const isTorn = size > 0 && buffer[0] !== 0x0a
    const bytes = Buffer.from(isTorn ? `\n${lines}` : lines)
    const { bytesWritten } = await file.write(bytes)
    if (bytesWritten < bytes.length) throw new Error(`${path}: only ${bytesWritten} of ${bytes.length} bytes`)
  } finally {
    await file.close()
  }
}

/** Keeps refused things as NDJSON in a folder: `dt=YYYY-MM-DD/hour=HH/quarantine.ndjson`. */
export const folderQuarantine = (folder: string): Quarantine => ({
  async put(entries) {
    const files = new Map<string, string>()
    for (const entry of entries) {
      const file = fileOf(folder, entry)
      files.set(file, `${files.get(file) ?? ''}${JSON.stringify(entry)}\n`)
    }
    for (const [file, lines] of files) {
      await mkdir(dirname(file), { recursive: true })
      await append(file, lines)
    }
  },
})
