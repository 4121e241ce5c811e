import {
  type _Record,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis'
import type { Shard, ShardItem, ShardReader } from './shardReader.ts'

/** Most that GetRecords gives at once. */
const MOST_RECORDS = 10_000

const toItem = ({ SequenceNumber, PartitionKey, Data, ApproximateArrivalTimestamp }: _Record): ShardItem => ({
  sequenceNumber: SequenceNumber as string,
  partitionKey: PartitionKey as string,
  data: Data as Uint8Array,
  arrivedAt: ApproximateArrivalTimestamp?.getTime() ?? 0,
})

/** Reads the shards of a Kinesis stream. An iterator is kept from one read to the next. */
export const kinesisShardReader = ({
  client,
  streamName,
  log,
}: {
  client: Pick<KinesisClient, 'send'>
  streamName: string
  log: (message: string) => void
}): ShardReader => {
  const kept = new Map<string, { after: string | undefined; iterator: string }>()

  const openIterator = async (shardId: string, after?: string, since?: number): Promise<string> => {
    const where = { StreamName: streamName, ShardId: shardId }
    const from = () => {
      if (after) return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: after } as const
      if (since === undefined) return { ShardIteratorType: 'TRIM_HORIZON' } as const
      return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(since) } as const
    }
    try {
      const { ShardIterator } = await client.send(new GetShardIteratorCommand({ ...where, ...from() }))
      return ShardIterator as string
    } catch (error) {
      // Killed outright, kinesis-local comes back without its last second, and knows no number from it.
      if (!after || (error as Error).name !== 'ResourceNotFoundException') throw error
      log(`${shardId}: the stream lost its newest records; reading again what it has of that time`)
      return openIterator(shardId, undefined, since)
    }
  }

  return {
    async listShards() {
      const shards: Shard[] = []
      let next: string | undefined
      do {
        const page = await client.send(
          new ListShardsCommand(next ? { NextToken: next } : { StreamName: streamName }),
        )
        for (const { ShardId, ParentShardId, AdjacentParentShardId } of page.Shards ?? [])
          shards.push({
            shardId: ShardId as string,
            parentShardIds: [ParentShardId, AdjacentParentShardId].filter((id) => typeof id === 'string'),
          })
        next = page.NextToken
      } while (next)
      return shards
    },

    async read(shardId, after, limit, since) {
      const last = kept.get(shardId)
      kept.delete(shardId)
      const iterator =
        last && last.after === after ? last.iterator : await openIterator(shardId, after, since)
      const page = await client.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, MOST_RECORDS) }),
      )
      const items = (page.Records ?? []).map(toItem)
      const next = page.NextShardIterator
      if (next) kept.set(shardId, { after: items.at(-1)?.sequenceNumber ?? after, iterator: next })
      return { items, closed: !next }
    },
  }
}
