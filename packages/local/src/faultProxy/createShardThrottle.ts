/** What one shard takes in a second. */
export interface ShardLimits {
  /** Data and partition keys together. */
  bytesPerS: number
  recordsPerS: number
}

/** The service's limits. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html (2026-11) */
export const SHARD_LIMITS: ShardLimits = { bytesPerS: 1024 * 1024, recordsPerS: 1000 }

/** Says of each record whether its shard still takes it: a token bucket a shard, full at first, that holds one second's worth. */
export const createShardThrottle = (limits: ShardLimits = SHARD_LIMITS, now: () => number = Date.now) => {
  const buckets = new Map<string, { bytes: number; records: number; at: number }>()

  const refilled = (shard: string) => {
    const at = now()
    const bucket = buckets.get(shard) ?? { bytes: limits.bytesPerS, records: limits.recordsPerS, at }
    const seconds = Math.max(0, at - bucket.at) / 1000
    bucket.bytes = Math.min(limits.bytesPerS, bucket.bytes + seconds * limits.bytesPerS)
    bucket.records = Math.min(limits.recordsPerS, bucket.records + seconds * limits.recordsPerS)
    bucket.at = at
    buckets.set(shard, bucket)
    return bucket
  }

  /** Whether the shard takes a record of so many bytes; a refused one uses up nothing. */
  return (shard: string, bytes: number): boolean => {
    const bucket = refilled(shard)
    if (bucket.records < 1 || bucket.bytes < bytes) return false
    bucket.records -= 1
    bucket.bytes -= bytes
    return true
  }
}

/** Says of each record whether its shard still takes it. */
export type ShardThrottle = ReturnType<typeof createShardThrottle>
