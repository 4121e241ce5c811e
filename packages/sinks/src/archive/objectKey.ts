import type { PlacedRecord } from '../consume/readRecords.ts'

/**
 * The key of an object: partitioned by received hour, named by the range of the stream it holds. The same Lambda batch
 * gets the same key, so a redelivery overwrites itself.
 */
export const objectKey = (records: readonly [PlacedRecord, ...PlacedRecord[]]): string => {
  const [first] = records
  const last = records.at(-1) as PlacedRecord
  const [day, time] = new Date(first.record.received_at).toISOString().split('T') as [string, string]
  const range = `${first.shardId}-${first.sequenceNumber}-${last.sequenceNumber}`
  return `events/dt=${day}/hour=${time.slice(0, 2)}/${range}.ndjson.gz`
}
