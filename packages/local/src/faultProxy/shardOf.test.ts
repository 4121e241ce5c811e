import type { Shard } from '@aws-sdk/client-kinesis'
import { describe, expect, it } from 'vitest'
import { shardOf } from './shardOf.ts'

const HALF = 2n ** 127n
const shard = (name: string, from: bigint, to: bigint): Shard => ({
  ShardId: name,
  HashKeyRange: { StartingHashKey: String(from), EndingHashKey: String(to) },
  SequenceNumberRange: { StartingSequenceNumber: '0' },
})
const shards = [shard('low', 0n, HALF - 1n), shard('high', HALF, 2n ** 128n - 1n)]

describe('shardOf', () => {
  it.each([
    // MD5 begins with 0c and with 92.
    ['a', 'low'],
    ['b', 'high'],
  ])('sends the key %s to the shard that holds its MD5', (PartitionKey, name) => {
    expect(shardOf(shards, { PartitionKey })).toBe(name)
  })

  it.each([
    [0n, 'low'],
    [HALF - 1n, 'low'],
    [HALF, 'high'],
    [2n ** 128n - 1n, 'high'],
  ])('sends the hash %s that the sender names to its shard', (hash, name) => {
    expect(shardOf(shards, { PartitionKey: 'a', ExplicitHashKey: String(hash) })).toBe(name)
  })

  it('says so when no shard holds the hash', () => {
    expect(() => shardOf([], { PartitionKey: 'a' })).toThrow('No shard')
  })
})
