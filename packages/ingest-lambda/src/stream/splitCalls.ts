import type { OutgoingRecord } from '../records/toRecord.ts'

/** What one PutRecords call may hold. Defaults as of 2026-11: API_PutRecords in the Kinesis API reference. */
export interface CallLimits {
  records: number
  /** Data and partition keys together. */
  bytes: number
}

/** The service's limits. */
export const DEFAULT_CALL_LIMITS: CallLimits = { records: 500, bytes: 10 * 1024 * 1024 }

/** Cuts records into calls that the service takes. Keeps their order. */
export const splitCalls = (records: readonly OutgoingRecord[], limits: CallLimits): OutgoingRecord[][] => {
  const calls: OutgoingRecord[][] = []
  let bytes = 0
  for (const record of records) {
    const size = record.data.length + Buffer.byteLength(record.partitionKey)
    const call = calls.at(-1)
    if (call && call.length < limits.records && bytes + size <= limits.bytes) {
      call.push(record)
      bytes += size
    } else {
      calls.push([record])
      bytes = size
    }
  }
  return calls
}
