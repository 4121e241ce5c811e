import { createHash } from 'node:crypto'
import type { PlacedRecord } from '../consume/readRecords.ts'
import { receivedHour } from './receivedHour.ts'

/** A short name of exactly these records. */
const membersOf = (records: readonly PlacedRecord[]): string => {
  const hash = createHash('sha256')
  for (const { sequenceNumber } of records) hash.update(`${sequenceNumber}\n`)
  return hash.digest('hex').slice(0, 8)
}

/**
 * The key of an object: partitioned by received hour, named by the range of the stream it is from and by exactly which
 * records of it: `events/dt=YYYY-MM-DD/hour=HH/<shard>-<first>-<last>-<members>.ndjson.gz`. The same records get the same
 * key, so a redelivery overwrites itself.
 *
 * First and last do not say which records are between them. With a parallelization factor Lambda deals a shard's
 * records out to lanes by partition key; when the factor is changed, records that come again are dealt out anew, and a lane
 * may have the first and the last record of an earlier delivery without all between them. The same when a release takes a
 * record for poison that an earlier one took for good. Without `members` the lesser object would replace the fuller one.
 */
export const objectKey = (records: readonly [PlacedRecord, ...PlacedRecord[]]): string => {
  const [first] = records
  const last = records.at(-1) as PlacedRecord
  const { dt, hour } = receivedHour(first.record.received_at)
  const range = `${first.shardId}-${first.sequenceNumber}-${last.sequenceNumber}`
  return `events/dt=${dt}/hour=${hour}/${range}-${membersOf(records)}.ndjson.gz`
}
