import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** How far a mapping has read each shard: the last sequence number it is done with. */
export interface Checkpoints {
  get(shardId: string): string | undefined
  set(shardId: string, sequenceNumber: string): Promise<void>
}

/** Checkpoints in a file. Those of another stream (by its creation time) are forgotten. */
export const openCheckpoints = async (file: string, streamCreatedAt: number): Promise<Checkpoints> => {
  await mkdir(dirname(file), { recursive: true })
  // One that cannot be read is none: reading again from the beginning costs time, not events.
  const saved = await readFile(file, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined)
  const shards: Record<string, string> = saved?.streamCreatedAt === streamCreatedAt ? saved.shards : {}
  let last = Promise.resolve()
  const save = async () => {
    await writeFile(`${file}.partial`, JSON.stringify({ streamCreatedAt, shards }))
    await rename(`${file}.partial`, file)
  }
  return {
    get: (shardId) => shards[shardId],
    set(shardId, sequenceNumber) {
      shards[shardId] = sequenceNumber
      const saving = last.then(save)
      last = saving.catch(() => {})
      return saving
    },
  }
}
