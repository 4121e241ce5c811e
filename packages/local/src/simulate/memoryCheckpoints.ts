import type { Checkpoints } from '../mapping/openCheckpoints.ts'
import type { Waver } from './wavering.ts'

/** Checkpoints in memory, which outlive the mapping. `startedAt`: epoch ms. */
export const memoryCheckpoints = (startedAt: number, waver: Waver): Checkpoints => {
  const shards = new Map<string, string>()
  const finished = new Set<string>()
  return {
    startedAt,
    get: (shardId) => shards.get(shardId),
    set: waver('a checkpoint', async (shardId, sequenceNumber) => {
      shards.set(shardId, sequenceNumber)
    }),
    isFinished: (shardId) => finished.has(shardId),
    finish: waver('a finished shard', async (shardId) => {
      finished.add(shardId)
    }),
  }
}
