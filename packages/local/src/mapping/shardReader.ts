/** A record as a shard holds it. */
export interface ShardItem {
  sequenceNumber: string
  partitionKey: string
  data: Uint8Array
  /** When the stream took it, epoch ms. */
  arrivedAt: number
}

/** A shard of a stream. */
export interface Shard {
  shardId: string
  /** The shards that were split or merged into this one: they come first. */
  parentShardIds: string[]
}

/** What a shard has after a number. */
export interface ShardPage {
  items: ShardItem[]
  /** Whether the shard was split or merged away and nothing comes after these items any more. */
  closed: boolean
}

/** A stream to read: a real one, or one in memory that misbehaves. */
export interface ShardReader {
  /** Shards that are closed are listed as long as the stream keeps their records. */
  listShards(): Promise<Shard[]>
  /**
   * The items after `after`, or from the beginning, in order, at most `limit`. `since`, epoch ms, counts where `after` is
   * not given, or is a number that the stream has lost: leaves out what arrived before it.
   */
  read(shardId: string, after: string | undefined, limit: number, since?: number): Promise<ShardPage>
}
