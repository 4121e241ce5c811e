/** How many seconds' worth of a quota may come at once. */
const BURST_S = 5

interface Bucket {
  tokens: number
  at: number
}

/** What each key may still send in this instance: a bucket of events each, refilled by its quota. */
export const createQuotas = (now: () => number) => {
  const buckets = new Map<string, Bucket>()
  return {
    /** Whether a key has anything left. Asked before a body is read, so that it costs nothing to refuse. */
    has(key: string, perSecond: number) {
      const bucket = buckets.get(key)
      if (!bucket) {
        buckets.set(key, { tokens: perSecond * BURST_S, at: now() })
        return true
      }
      bucket.tokens = Math.min(
        perSecond * BURST_S,
        bucket.tokens + (Math.max(0, now() - bucket.at) / 1000) * perSecond,
      )
      bucket.at = now()
      return bucket.tokens > 0
    },
    /** Takes events off a key that `has` something left; a batch that is larger than that leaves it in debt. */
    take(key: string, events: number) {
      const bucket = buckets.get(key)
      if (bucket) bucket.tokens -= events
    },
  }
}
