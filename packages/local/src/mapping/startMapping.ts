import { setTimeout as sleep } from 'node:timers/promises'
import {
  type _Record,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis'
import { decodeRecord, type Quarantine, type QuarantineEntry } from '@viewbeat/schema'
import type { Sink } from '@viewbeat/sinks'
import type { LocalStream } from '../stream/startKinesis.ts'
import type { Checkpoints } from './openCheckpoints.ts'
import { toStreamEvent } from './toStreamEvent.ts'

/** Reads the stream and invokes one sink. */
export interface Mapping {
  /** Reads now rather than at the next poll. */
  wake(): void
  /** Reads what is left, then ends; gives up after `withinMs`. What was not read stays for the next start. */
  drain(withinMs: number): Promise<void>
}

/** Settings by the names Lambda has for them, where it has them. */
export interface MappingSettings {
  batchSize: number
  maximumRetryAttempts: number
  /** How long an idle shard rests between polls, ms; Lambda's is one second. */
  pollMs: number
}

const DEFAULTS: MappingSettings = { batchSize: 100, maximumRetryAttempts: 8, pollMs: 1000 }
const LONGEST_BACKOFF_MS = 5000

/** Whose events a record holds, as far as it can be read, so that the view's account adds up. */
const eventsIn = (data: Uint8Array): Pick<QuarantineEntry, 'view_id' | 'seqs'> => {
  const decoded = decodeRecord(data)
  if (!decoded.ok) return {}
  const { view_id, events } = decoded.record.batch
  return { view_id, seqs: events.map(({ seq }) => seq) }
}

/**
 * Does what a Lambda event source mapping does: polls each shard in order, invokes the sink with a batch, and moves its
 * checkpoint only when the sink is done. A record that fails to the end of its retries goes to the on-failure
 * destination with its bytes, so that it does not block the shard.
 */
export const startMapping = async ({
  name,
  stream: { client, streamName },
  sink,
  checkpoints,
  onFailure,
  log,
  settings: { batchSize, maximumRetryAttempts, pollMs } = DEFAULTS,
}: {
  name: QuarantineEntry['stage']
  stream: LocalStream
  sink: Sink
  checkpoints: Checkpoints
  onFailure: Quarantine
  log: (message: string) => void
  settings?: MappingSettings
}): Promise<Mapping> => {
  let draining = false
  let stopped = false
  let wakes = 0
  let waker = new AbortController()
  const rest = (ms: number) => sleep(ms, undefined, { signal: waker.signal }).catch(() => {})

  const openIterator = async (
    shardId: string,
    after = checkpoints.get(shardId),
  ): Promise<string | undefined> => {
    const from = after
      ? ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: after } as const)
      : ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
    const where = { StreamName: streamName, ShardId: shardId, ...from }
    try {
      return (await client.send(new GetShardIteratorCommand(where))).ShardIterator
    } catch (error) {
      // Killed outright, kinesis-local comes back without its last second, and knows no number from it.
      if (!after || (error as Error).name !== 'ResourceNotFoundException') throw error
      log(`${name}: ${shardId}: the stream lost its newest records; reading again what it has`)
      return openIterator(shardId, '')
    }
  }

  /** Invokes the sink; answers the records it is not done with. */
  const invoke = async (shardId: string, records: _Record[]): Promise<_Record[]> => {
    try {
      const { batchItemFailures } = await sink(toStreamEvent(streamName, shardId, records))
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
      const lowest = records.findIndex(({ SequenceNumber }) => failed.has(SequenceNumber as string))
      return lowest === -1 ? [] : records.slice(lowest)
    } catch (error) {
      log(`${name}: ${(error as Error).message}`)
      return records
    }
  }

  /** Gives records to the on-failure destination; answers that none is left. */
  const discard = async (records: _Record[]): Promise<_Record[]> => {
    await onFailure.put(
      records.map(({ Data, SequenceNumber }) => ({
        v: 1,
        stage: name,
        received_at: Date.now(),
        rejections: [{ code: 'not_stored', path: '', message: `Failed ${maximumRetryAttempts + 1} times` }],
        ...eventsIn(Data as Uint8Array),
        body_base64: Buffer.from(Data as Uint8Array).toString('base64'),
        sequence_number: SequenceNumber as string,
      })),
    )
    return []
  }

  /**
   * Invokes the sink until it is done with all records. What fails twice as a whole is halved, so that in the end a
   * record that can never be stored stands alone and the others get through.
   */
  const deliver = async (shardId: string, records: _Record[]): Promise<boolean> => {
    let left = records
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt > 1 && left.length > 1) {
        const middle = Math.ceil(left.length / 2)
        return (await deliver(shardId, left.slice(0, middle))) && deliver(shardId, left.slice(middle))
      }
      if (attempt > 0) await sleep(Math.min(LONGEST_BACKOFF_MS, 100 * 2 ** attempt))
      if (stopped) return false
      const tried = left
      left = await invoke(shardId, tried)
      if (left.length === tried.length && attempt === maximumRetryAttempts) left = await discard(tried)
      const done = records.at(-left.length - 1)
      if (done && left.length < tried.length) await checkpoints.set(shardId, done.SequenceNumber as string)
    }
    return true
  }

  const readShard = async (shardId: string) => {
    let iterator: string | undefined
    while (!stopped) {
      // Only what was asked for before the read may end it or be waited for after it.
      const wasDraining = draining
      const wakesBefore = wakes
      try {
        iterator ??= await openIterator(shardId)
        const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: batchSize }))
        const records = page.Records ?? []
        const delivered = records.length === 0 || (await deliver(shardId, records))
        iterator = delivered ? page.NextShardIterator : undefined
        if (records.length === 0 && wasDraining) return
        if (records.length === 0 && wakes === wakesBefore) await rest(pollMs)
      } catch (error) {
        // An expired iterator or a passing fault of the stream: begin again behind the checkpoint.
        if (stopped) return
        log(`${name}: ${shardId}: ${(error as Error).message}`)
        iterator = undefined
        await rest(pollMs)
      }
    }
  }

  const wake = () => {
    wakes++
    waker.abort()
    waker = new AbortController()
  }
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }))
  const readers = Promise.all(Shards.map(({ ShardId }) => readShard(ShardId as string)))

  return {
    wake,
    async drain(withinMs) {
      draining = true
      wake()
      await Promise.race([readers, sleep(withinMs, undefined, { ref: false })])
      stopped = true
    },
  }
}
