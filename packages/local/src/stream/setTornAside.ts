import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** Where kinesis-local keeps its state. */
const STATE = 'kinesis-data.json'

/**
 * Moves the state of kinesis-local away where it cannot be read: it is written in place, so that a kill in the middle of
 * that leaves a half, and with a half it does not start. Answers the new name; undefined where all is well.
 */
export const setTornAside = async (folder: string, now: () => number): Promise<string | undefined> => {
  const file = join(folder, STATE)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    JSON.parse(text)
    return undefined
  } catch {
    const aside = `${file}.torn-${now()}`
    await rename(file, aside)
    return aside
  }
}
