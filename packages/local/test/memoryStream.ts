import { virtualClock } from '../../player-sdk/test/virtualClock.ts'
import type { MappingClock } from '../src/mapping/clock.ts'
import type { Checkpoints } from '../src/mapping/openCheckpoints.ts'
import type { ShardItem, ShardReader } from '../src/mapping/shardReader.ts'

/** A mapping's clock that stands still until it is told to move. */
export const virtualMappingClock = () => {
  const virtual = virtualClock()
  const clock: MappingClock = {
    now: virtual.clock.epoch,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const end = () => {
          signal?.removeEventListener('abort', end)
          cancel()
          resolve()
        }
        const cancel = virtual.clock.setTimer(end, ms)
        signal?.addEventListener('abort', end)
      }),
  }
  return { clock, pass: virtual.pass }
}

/** A stream in memory, of shards that can be closed; `fail`: what the next read rejects with. */
export const memoryStream = (now: () => number) => {
  const shards = new Map<string, { parents: string[]; items: ShardItem[]; isClosed: boolean }>()
  let last = 0
  const state: { fail?: Error | undefined; reads: string[] } = { reads: [] }
  const reader: ShardReader = {
    listShards: async () =>
      [...shards].map(([shardId, { parents }]) => ({ shardId, parentShardIds: parents })),
    async read(shardId, after, limit, since = 0) {
      state.reads.push(shardId)
      if (state.fail) {
        const { fail } = state
        state.fail = undefined
        throw fail
      }
      const { items, isClosed } = shards.get(shardId)!
      const from = after ? items.findIndex(({ sequenceNumber }) => sequenceNumber === after) + 1 : 0
      const rest = items.slice(from).filter(({ arrivedAt }) => after || arrivedAt >= since)
      const page = rest.slice(0, limit)
      return { items: page, closed: isClosed && page.length === rest.length }
    },
  }
  return {
    reader,
    state,
    open: (shardId: string, ...parents: string[]) =>
      void shards.set(shardId, { parents, items: [], isClosed: false }),
    close: (shardId: string) => {
      shards.get(shardId)!.isClosed = true
    },
    /** Puts texts; `key:rest` has that partition key, others have their own. Answers their sequence numbers. */
    put: (shardId: string, ...texts: (string | Uint8Array)[]) =>
      texts.map((text) => {
        const sequenceNumber = String(++last).padStart(6, '0')
        const partitionKey = typeof text === 'string' ? (text.split(':')[0] as string) : 'bytes'
        const data = typeof text === 'string' ? Buffer.from(text) : text
        shards.get(shardId)!.items.push({ sequenceNumber, partitionKey, data, arrivedAt: now() })
        return sequenceNumber
      }),
  }
}

/** Checkpoints that outlive a mapping, in memory. */
export const memoryCheckpoints = (startedAt = 0) => {
  const shards = new Map<string, string>()
  const finished = new Set<string>()
  const checkpoints: Checkpoints = {
    startedAt,
    get: (shardId) => shards.get(shardId),
    set: async (shardId, sequenceNumber) => void shards.set(shardId, sequenceNumber),
    isFinished: (shardId) => finished.has(shardId),
    finish: async (shardId) => void finished.add(shardId),
  }
  return checkpoints
}
