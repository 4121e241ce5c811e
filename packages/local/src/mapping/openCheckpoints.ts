import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** How far a mapping is done with each shard. */
export interface Checkpoints {
  /** When the mapping began for the first time, epoch ms: where `LATEST` is. */
  readonly startedAt: number
  /** The last sequence number that it is done with, all before it included. */
  get(shardId: string): string | undefined
  /** `arrivedAt`: when the stream took that record, epoch ms. */
  set(shardId: string, sequenceNumber: string, arrivedAt?: number): Promise<void>
  /** When the record of the checkpoint arrived: where to go on if the stream does not know its number any more. */
  arrivedAt?(shardId: string): number | undefined
  /** Whether a shard that was split or merged away is done with to its end. */
  isFinished(shardId: string): boolean
  finish(shardId: string): Promise<void>
}

interface Saved {
  streamCreatedAt: number
  startedAt?: number
  shards: Record<string, string>
  arrivals?: Record<string, number>
  finished?: string[]
}

/** Checkpoints in a file. Those of another stream (by its creation time) are forgotten. `now`: epoch ms. */
export const openCheckpoints = async (
  file: string,
  streamCreatedAt: number,
  now: () => number = Date.now,
): Promise<Checkpoints> => {
  await mkdir(dirname(file), { recursive: true })
  // One that cannot be read stands for the beginning, of LATEST too: reading again costs time, not events.
  const saved: Saved | undefined = await readFile(file, 'utf8')
    .then(JSON.parse)
    .catch(({ code }) => (code === 'ENOENT' ? undefined : { streamCreatedAt, startedAt: 0, shards: {} }))
  const known = saved?.streamCreatedAt === streamCreatedAt ? saved : undefined
  const startedAt = known?.startedAt ?? now()
  const shards = known?.shards ?? {}
  const arrivals = known?.arrivals ?? {}
  const finished = new Set(known?.finished)
  let last = Promise.resolve()
  const write = async () => {
    const saving: Saved = { streamCreatedAt, startedAt, shards, arrivals, finished: [...finished] }
    await writeFile(`${file}.partial`, JSON.stringify(saving))
    await rename(`${file}.partial`, file)
  }
  const save = () => {
    const saving = last.then(write)
    last = saving.catch(() => {})
    return saving
  }
  // LATEST is where the first start was, whatever came of that.
  if (!known) await save()
  return {
    startedAt,
    get: (shardId) => shards[shardId],
    arrivedAt: (shardId) => arrivals[shardId],
    set(shardId, sequenceNumber, arrivedAt) {
      shards[shardId] = sequenceNumber
      if (arrivedAt !== undefined) arrivals[shardId] = arrivedAt
      return save()
    },
    isFinished: (shardId) => finished.has(shardId),
    finish(shardId) {
      finished.add(shardId)
      return save()
    },
  }
}
