import { decodeRecord } from '@viewbeat/schema'
import { chooseFault } from '../faultProxy/chooseFault.ts'
import { createPut } from '../faultProxy/createPut.ts'
import { createShardThrottle } from '../faultProxy/createShardThrottle.ts'
import type { PutRecordsCall } from '../faultProxy/putRecordsCall.ts'
import { shardOf } from '../faultProxy/shardOf.ts'
import type { ShardItem, ShardReader } from '../mapping/shardReader.ts'
import type { About, Chronicle } from './createChronicle.ts'
import type { Dice } from './createDice.ts'
import type { Time } from './createTime.ts'
import type { Weather } from './weather.ts'

/** A record as the stream has it; `index`: its place among all. */
export interface StreamItem extends ShardItem {
  index: number
  shardId: string
}

interface OpenShard {
  shardId: string
  parentShardIds: string[]
  from: bigint
  to: bigint
  items: StreamItem[]
  isClosed: boolean
}

const LAST_HASH = 2n ** 128n - 1n

/** Longer than those before them: numbers are no texts. */
const FIRST_NUMBERS = [10n ** 55n - 40n, 49n * 10n ** 54n] as const

/** Whose events a record holds. */
export const aboutRecord = (data: Uint8Array): About | undefined => {
  const decoded = decodeRecord(data)
  if (!decoded.ok) return undefined
  const { view_id, events } = decoded.record.batch
  return new Map([[view_id, events.map(({ seq }) => seq)]])
}

/** A stream in memory that answers PutRecords as Kinesis does, with faults; is split and merged; and is read by mappings. */
export const createStream = (
  weather: Pick<Weather, 'puts' | 'latePuts' | 'isThrottled' | 'reads'>,
  {
    time,
    dice,
    chronicle,
    isStormy,
  }: { time: Time; dice: Dice; chronicle: Chronicle; isStormy: () => boolean },
) => {
  let number: bigint = dice.pick(FIRST_NUMBERS)
  const shards: OpenShard[] = []
  const items: StreamItem[] = []
  const throttle = weather.isThrottled
    ? createShardThrottle({ recordsPerS: 1, bytesPerS: 20_000 }, time.epoch)
    : () => true

  const open = (from: bigint, to: bigint, parents: OpenShard[]) => {
    for (const parent of parents) parent.isClosed = true
    const shardId = `shardId-${String(shards.length).padStart(12, '0')}`
    const parentShardIds = parents.map((parent) => parent.shardId)
    shards.push({ shardId, parentShardIds, from, to, items: [], isClosed: false })
    return shardId
  }
  const middle = LAST_HASH / 2n
  open(0n, middle, [])
  open(middle + 1n, LAST_HASH, [])

  const openShards = () =>
    shards.filter(({ isClosed }) => !isClosed).sort((one, other) => (one.from < other.from ? -1 : 1))
  const asListed = () =>
    openShards().map(({ shardId, from, to }) => ({
      ShardId: shardId,
      HashKeyRange: { StartingHashKey: String(from), EndingHashKey: String(to) },
      SequenceNumberRange: { StartingSequenceNumber: '0' },
    }))

  /** Takes a record for good. */
  const append = (partitionKey: string, data: Uint8Array): StreamItem => {
    const shardId = shardOf(asListed(), { PartitionKey: partitionKey })
    number += BigInt(dice.between(1, 9))
    const item: StreamItem = {
      index: items.length,
      shardId,
      sequenceNumber: String(number),
      partitionKey,
      data,
      arrivedAt: time.epoch(),
    }
    items.push(item)
    shards.find((shard) => shard.shardId === shardId)!.items.push(item)
    chronicle.tell(`stream: record ${item.index} in ${shardId}`, aboutRecord(data))
    return item
  }

  const put = async (call: PutRecordsCall) => {
    const answer = createPut({
      shards: asListed(),
      choose: ({ Records }) => chooseFault(dice.random, isStormy() ? weather.puts : NONE, Records.length),
      throttle: (shard, bytes) => !isStormy() || throttle(shard, bytes),
      wait: time.sleep,
      onCall({ fault, failed, throttled, records }) {
        if (fault.kind !== 'none')
          chronicle.fault(
            `put: ${fault.kind}`,
            `stream: a put of ${records}: ${fault.kind}${failed ? `, ${failed} refused` : ''}`,
          )
        if (throttled)
          chronicle.fault('put: throttled', `stream: a put of ${records}: ${throttled} throttled`)
      },
    })
    return answer(call, async (rest) => ({
      ok: true,
      answer: {
        Records: rest.Records.map(({ PartitionKey, Data }) => {
          const { shardId, sequenceNumber } = append(PartitionKey, Buffer.from(Data, 'base64'))
          return { ShardId: shardId, SequenceNumber: sequenceNumber }
        }),
      },
    }))
  }

  const reader: ShardReader = {
    async listShards() {
      await time.sleep(dice.between(1, 20))
      if (isStormy() && dice.chance(weather.reads)) {
        chronicle.fault('read failed', 'stream: ListShards failed')
        throw new Error('LimitExceededException')
      }
      return shards.map(({ shardId, parentShardIds }) => ({ shardId, parentShardIds }))
    },
    async read(shardId, after, limit) {
      await time.sleep(dice.between(1, 20))
      if (isStormy() && dice.chance(weather.reads)) {
        chronicle.fault('read failed', `stream: a read of ${shardId} failed`)
        throw new Error('ProvisionedThroughputExceededException')
      }
      const shard = shards.find((other) => other.shardId === shardId)!
      const behind =
        after === undefined ? 0 : shard.items.findIndex((item) => item.sequenceNumber === after) + 1
      if (after !== undefined && behind === 0) throw new Error(`No record ${after} in ${shardId}`)
      const rest = shard.items.slice(behind)
      // A page may be shorter than what is there, empty even.
      const page = rest.slice(0, dice.chance(0.1) ? dice.between(0, 2) : limit).slice(0, limit)
      return { items: page, closed: shard.isClosed && page.length === rest.length }
    },
  }

  return {
    reader,
    /** What it has taken, in order. */
    items,
    /** A record's place among all, by its sequence number; -1 for none of them. */
    indexOf: (sequenceNumber: string) => items.findIndex((item) => item.sequenceNumber === sequenceNumber),
    append,
    /** Calls it as the ingest does; rejects as a signed call does. */
    async call<Answer>(
      _service: string,
      _action: string,
      input: string,
      timeout_ms: number,
    ): Promise<Answer> {
      const call = JSON.parse(input) as PutRecordsCall
      const answer = async () => {
        await time.sleep(dice.between(3, 40))
        if (isStormy() && dice.chance(weather.latePuts)) {
          chronicle.fault('put: late', `stream: a put of ${call.Records.length} is taken late`)
          await time.sleep(dice.between(3000, 20_000))
        }
        const outcome = await put(call)
        if (outcome === 'cut') throw new Error('socket hang up')
        if (outcome.status !== 200) throw new Error(`kinesis answered ${outcome.status}`)
        return outcome.body as Answer
      }
      const given = new AbortController()
      try {
        return await Promise.race([
          answer(),
          time.sleep(timeout_ms, given.signal).then(() => {
            throw new Error('The operation was aborted due to timeout')
          }),
        ])
      } finally {
        given.abort()
      }
    },
    /** Splits a shard, or merges two neighbours. */
    reshard() {
      const now = openShards()
      const at = dice.between(0, now.length - 1)
      const shard = now[at]!
      const next = now[at + 1]
      if (next && dice.chance(0.5)) {
        const into = open(shard.from, next.to, [shard, next])
        chronicle.fault('merge', `stream: ${shard.shardId} and ${next.shardId} are merged into ${into}`)
      } else {
        const half = (shard.from + shard.to) / 2n
        const into = [open(shard.from, half, [shard]), open(half + 1n, shard.to, [shard])]
        chronicle.fault('split', `stream: ${shard.shardId} is split into ${into.join(' and ')}`)
      }
    },
  }
}

const NONE = { records: 0, call: 0, delay: 0, cut: 0, drop: 0 }

/** A stream in memory. */
export type Stream = ReturnType<typeof createStream>
