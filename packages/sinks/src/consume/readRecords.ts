import type { QuarantineEntry, StreamRecord } from '@viewbeat/schema'
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import { readRecord } from './readRecord.ts'

/** A record from the stream with its place in it. */
export interface PlacedRecord {
  shardId: string
  sequenceNumber: string
  record: StreamRecord
}

/** Lambda gives the shard only as the first half of the event id. */
const shardIdOf = ({ eventID }: KinesisStreamRecord) => eventID.split(':')[0] as string

/**
 * Decodes what Lambda hands a sink. Bytes that are no record come back as quarantine entries: reported as a failure
 * they would only block the shard, because they fail the same way each time.
 */
export const readRecords = (
  event: KinesisStreamEvent,
  stage: QuarantineEntry['stage'],
  now: number,
): { records: PlacedRecord[]; poison: QuarantineEntry[] } => {
  const records: PlacedRecord[] = []
  const poison: QuarantineEntry[] = []
  for (const item of event.Records) {
    const { data, sequenceNumber } = item.kinesis
    const decoded = readRecord(data)
    if (decoded.ok) records.push({ shardId: shardIdOf(item), sequenceNumber, record: decoded.record })
    else
      poison.push({
        v: 1,
        stage,
        received_at: now,
        rejections: [decoded.rejection],
        body_base64: data,
        sequence_number: sequenceNumber,
      })
  }
  return { records, poison }
}
