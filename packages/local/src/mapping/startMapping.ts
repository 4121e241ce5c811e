import type { Sink } from '@viewbeat/sinks'
import type { MappingClock } from './clock.ts'
import { createDeliver } from './createDeliver.ts'
import type { Discarded } from './discarded.ts'
import { createMappingState } from './mappingState.ts'
import type { Checkpoints } from './openCheckpoints.ts'
import { readShard } from './readShard.ts'
import { completeSettings, type MappingSettings } from './settings.ts'
import type { ShardItem, ShardReader } from './shardReader.ts'
import { localArn } from './toStreamEvent.ts'

/** Reads the stream and invokes one sink. */
export interface Mapping {
  /** Reads now rather than at the next poll. */
  wake(): void
  /** Reads what is left, then ends; gives up after `withinMs`. What was not read stays for the next start. */
  drain(withinMs: number): Promise<void>
  /** Ends as a killed process does, whatever it waits for: nothing is asked, told or saved any more. */
  crash(): void
}

/** Cuts the ways out of a process that may die: a call that is under way then is never answered. */
const createMortality = () => {
  let isDead = false
  const never = new Promise<never>(() => {})
  return {
    die() {
      isDead = true
    },
    isDead: () => isDead,
    mortal:
      <Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) =>
      async (...given: Arguments): Promise<Result> => {
        if (isDead) return never
        try {
          const result = await call(...given)
          return isDead ? never : result
        } catch (error) {
          if (isDead) return never
          throw error
        }
      },
  }
}

/**
 * Does what a Lambda event source mapping does: polls each shard in order, invokes the sink with a batch, and moves its
 * checkpoint only over what the sink is done with. What fails to the end of its retries, or grows too old, goes to the
 * on-failure destination, so that it does not block the shard. A shard that came of a split or a merge is read when those
 * before it are done. Throws `RangeError` for settings that Lambda would refuse.
 */
export const startMapping = ({
  name,
  reader,
  sink,
  checkpoints,
  onFailure,
  onDone = () => {},
  clock,
  log,
  streamArn = localArn('viewbeat'),
  settings,
}: {
  /** For the log. */
  name: string
  reader: ShardReader
  sink: Sink
  checkpoints: Checkpoints
  onFailure: (discarded: Discarded) => Promise<void>
  /** Told of records that are stored, or taken by the on-failure destination. */
  onDone?: (items: readonly ShardItem[]) => void
  clock: MappingClock
  log: (message: string) => void
  streamArn?: string
  settings?: Partial<MappingSettings>
}): Mapping => {
  const complete = completeSettings(settings)
  const { die, isDead, mortal } = createMortality()
  const mortalClock = { now: clock.now, sleep: mortal(clock.sleep) }
  const say = (message: string) => {
    if (!isDead()) log(message)
  }
  const state = createMappingState(mortalClock)
  const listShards = mortal(reader.listShards)
  const around = {
    name,
    reader: { listShards, read: mortal(reader.read) },
    checkpoints: {
      startedAt: checkpoints.startedAt,
      get: checkpoints.get,
      arrivedAt: (shardId: string) => checkpoints.arrivedAt?.(shardId),
      isFinished: checkpoints.isFinished,
      set: mortal(checkpoints.set),
      finish: mortal(checkpoints.finish),
    },
    clock: mortalClock,
    log: say,
    onDone,
    settings: complete,
  }
  const deliver = createDeliver({
    ...around,
    streamArn,
    sink: mortal(sink),
    onFailure: mortal(onFailure),
    stopped: state.stopped,
  })

  const begun = new Set<string>()
  const finished = new Set<string>()
  const running = new Map<string, Promise<void>>()
  const isFinished = (shardId: string) => finished.has(shardId) || checkpoints.isFinished(shardId)

  const begin = async (shardId: string) => {
    begun.add(shardId)
    if (await readShard({ ...around, shardId, deliver, state })) finished.add(shardId)
    running.delete(shardId)
  }

  /** Begins each shard once those before it are done. A shard that the stream no longer lists has nothing left to read. */
  const run = async () => {
    while (!state.stopped.aborted) {
      const wasDraining = state.isDraining()
      try {
        const shards = await listShards()
        const listed = new Set(shards.map(({ shardId }) => shardId))
        for (const { shardId, parentShardIds } of shards)
          if (
            !begun.has(shardId) &&
            !isFinished(shardId) &&
            parentShardIds.every((parent) => !listed.has(parent) || isFinished(parent))
          )
            running.set(shardId, begin(shardId))
      } catch (error) {
        say(`${name}: ${(error as Error).message}`)
        await state.rest(complete.pollMs)
        continue
      }
      if (running.size > 0) await Promise.race(running.values())
      else if (wasDraining) return
      else await state.rest(complete.pollMs)
    }
  }
  const ended = run()

  return {
    wake: state.wake,
    async drain(withinMs) {
      state.drain()
      const done = new AbortController()
      await Promise.race([ended, mortalClock.sleep(withinMs, done.signal)])
      done.abort()
      state.stop()
    },
    crash() {
      die()
      state.stop()
    },
  }
}
