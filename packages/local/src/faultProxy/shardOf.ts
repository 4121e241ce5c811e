import { createHash } from 'node:crypto'
import type { Shard } from '@aws-sdk/client-kinesis'

/** Where a record of this key goes, as the service decides it: by the key's MD5, or the hash that the sender names. */
export const shardOf = (
  shards: readonly Shard[],
  { PartitionKey, ExplicitHashKey }: { PartitionKey: string; ExplicitHashKey?: string },
): string => {
  const hash = BigInt(ExplicitHashKey ?? `0x${createHash('md5').update(PartitionKey).digest('hex')}`)
  const found = shards.find(
    ({ HashKeyRange: range }) =>
      range && BigInt(range.StartingHashKey!) <= hash && hash <= BigInt(range.EndingHashKey!),
  )
  if (!found?.ShardId) throw new Error(`No shard holds the hash ${hash}`)
  return found.ShardId
}
