import type { MappingClock } from './clock.ts'
import type { Deliver } from './createDeliver.ts'
import { createProgress } from './createProgress.ts'
import { laneOf } from './laneOf.ts'
import type { MappingState } from './mappingState.ts'
import type { Checkpoints } from './openCheckpoints.ts'
import type { MappingSettings } from './settings.ts'
import type { ShardItem, ShardReader } from './shardReader.ts'
import { takeBatch } from './takeBatch.ts'

/** Records of some partition keys that wait for their invocation, in order. */
interface Lane {
  items: ShardItem[]
  /** When the first of them was read, by the clock. */
  since: number
}

/** Most records of a shard that are read ahead of their invocation, for each lane, batches. */
const READ_AHEAD = 2

/** How far a shard's times of arrival may stray from its order, ms. */
const CLOCKS_MS = 1000

/**
 * Reads a shard from its checkpoint on and has its records delivered, in as many lanes as may be invoked at the same time.
 * Resolves when the shard was closed and all of it is done (true), or when the mapping is drained or stopped (false).
 */
export const readShard = async ({
  name,
  shardId,
  reader,
  deliver,
  checkpoints,
  state,
  clock,
  log,
  onDone,
  settings,
}: {
  name: string
  shardId: string
  reader: ShardReader
  deliver: Deliver
  checkpoints: Checkpoints
  state: MappingState
  clock: MappingClock
  log: (message: string) => void
  onDone: (items: readonly ShardItem[]) => void
  settings: MappingSettings
}): Promise<boolean> => {
  const { batchSize, maximumBatchingWindowInSeconds, parallelizationFactor, pollMs } = settings
  const { pulse, stopped } = state
  const progress = createProgress()
  const lanes = Array.from({ length: parallelizationFactor }, (): Lane => ({ items: [], since: 0 }))
  const mostAhead = batchSize * parallelizationFactor * READ_AHEAD
  let ahead = 0
  let isReadToEnd = false

  /** A checkpoint that cannot be saved costs a delivery more, so the work goes on. */
  const save = (saving: Promise<void>) =>
    saving.catch((error: Error) => log(`${name}: ${shardId}: checkpoint: ${error.message}`))

  const finish = async (items: readonly ShardItem[]) => {
    onDone(items)
    const checkpoint = progress.finish(items)
    if (!checkpoint) return
    const { sequenceNumber, arrivedAt } = checkpoint
    await save(checkpoints.set(shardId, sequenceNumber, arrivedAt))
  }

  /** Waits until a batch is full or its window has passed. */
  const gather = async (lane: Lane) => {
    const until = lane.since + maximumBatchingWindowInSeconds * 1000
    while (clock.now() < until) {
      if (takeBatch(lane.items, settings).isFull || isReadToEnd || state.isDraining() || stopped.aborted)
        return
      const changed = new AbortController()
      void pulse.next().then(() => changed.abort())
      await clock.sleep(until - clock.now(), changed.signal)
    }
  }

  const runLane = async (lane: Lane) => {
    for (;;) {
      while (lane.items.length === 0) {
        if (isReadToEnd || stopped.aborted) return
        await pulse.next()
      }
      await gather(lane)
      if (stopped.aborted) return
      const batch = lane.items.splice(0, takeBatch(lane.items, settings).count)
      lane.since = clock.now()
      await deliver(shardId, batch, finish)
      ahead -= batch.length
      pulse.give()
    }
  }

  const take = (items: readonly ShardItem[]) => {
    progress.begin(items)
    ahead += items.length
    for (const item of items) {
      const lane = lanes[laneOf(item.partitionKey, parallelizationFactor)] as Lane
      if (lane.items.length === 0) lane.since = clock.now()
      lane.items.push(item)
    }
    pulse.give()
  }

  /** Resolves when there is no more to read; answers whether there never will be. */
  const poll = async (): Promise<boolean> => {
    let position = checkpoints.get(shardId)
    const { startingPosition, startingPositionTimestamp = 0 } = settings
    const beginning = {
      TRIM_HORIZON: undefined,
      LATEST: checkpoints.startedAt,
      AT_TIMESTAMP: startingPositionTimestamp * 1000,
    }[startingPosition]
    const arrivedAt = checkpoints.arrivedAt?.(shardId)
    let since = position === undefined || arrivedAt === undefined ? beginning : arrivedAt - CLOCKS_MS
    for (;;) {
      while (ahead >= mostAhead && !stopped.aborted) await pulse.next()
      if (stopped.aborted) return false
      // Only what was asked for before the read may end it or be waited for after it.
      const wasDraining = state.isDraining()
      const wakesBefore = state.wakes()
      try {
        const { items, closed } = await reader.read(shardId, position, mostAhead - ahead, since)
        const last = items.at(-1)
        if (last) {
          position = last.sequenceNumber
          since = last.arrivedAt - CLOCKS_MS
        }
        if (items.length > 0) take(items)
        if (closed) return true
        if (items.length > 0) continue
        if (wasDraining) return false
      } catch (error) {
        // A passing fault of the stream, or a position that it has forgotten.
        log(`${name}: ${shardId}: ${(error as Error).message}`)
        await state.rest(pollMs)
        continue
      }
      if (state.wakes() === wakesBefore) await state.rest(pollMs)
    }
  }

  const running = lanes.map(runLane)
  const isClosed = await poll()
  isReadToEnd = true
  pulse.give()
  await Promise.all(running)
  if (!isClosed || stopped.aborted) return false
  await save(checkpoints.finish(shardId))
  return true
}
