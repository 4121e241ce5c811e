import type { MappingSettings } from './settings.ts'
import type { ShardItem } from './shardReader.ts'

/** What Lambda hands a function at most, bytes of JSON: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024

/** What a record costs beside its data: names, numbers, ARNs. */
const AROUND_BYTES = 600

const bytesOf = ({ data, partitionKey }: ShardItem) =>
  Math.ceil(data.length / 3) * 4 + partitionKey.length + AROUND_BYTES

/** How many of the first items make a batch, and whether no more would fit into it. A record too large goes alone. */
export const takeBatch = (
  items: readonly ShardItem[],
  { batchSize }: Pick<MappingSettings, 'batchSize'>,
): { count: number; isFull: boolean } => {
  let bytes = 0
  let count = 0
  for (const item of items) {
    bytes += bytesOf(item)
    if (count === batchSize || (count > 0 && bytes > MAX_PAYLOAD_BYTES)) return { count, isFull: true }
    count++
  }
  return { count, isFull: count === batchSize || bytes >= MAX_PAYLOAD_BYTES }
}
