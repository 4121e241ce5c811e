import { bytesOf, type PutRecordsCall } from './putRecordsCall.ts'

/** What one call may hold. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html (2026-11) */
const MAX_RECORDS = 500
const MAX_BYTES = 10 * 1024 * 1024

/** Why the service would refuse a call for its size, which kinesis-local would not; undefined where it is within the limits. */
export const findOversize = ({ Records }: PutRecordsCall): { code: string; message: string } | undefined => {
  if (Records.length > MAX_RECORDS)
    return { code: 'ValidationException', message: `${Records.length} records; at most ${MAX_RECORDS}` }
  const bytes = Records.reduce((sum, record) => sum + bytesOf(record), 0)
  if (bytes > MAX_BYTES)
    return { code: 'InvalidArgumentException', message: `${bytes} bytes; at most ${MAX_BYTES}` }
  return undefined
}
