import type { ShardItem } from './shardReader.ts'

/** What a mapping has given up on, for its on-failure destination. */
export interface Discarded {
  shardId: string
  items: readonly [ShardItem, ...ShardItem[]]
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded'
  /** How often the function was invoked with them, alone or among others. */
  invokeCount: number
  /** What the last failure said. */
  message: string
}
