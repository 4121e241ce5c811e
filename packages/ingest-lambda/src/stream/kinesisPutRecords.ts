import type { Aws } from '../aws/createAws.ts'
import { type Put, putInCalls } from '../aws/putInCalls.ts'
import type { CallLimits } from '../aws/splitCalls.ts'
import type { OutgoingRecord } from '../records/toRecord.ts'

/** What one PutRecords call may hold, as of 2026-11: API_PutRecords in the Kinesis API reference. */
export const PUT_RECORDS_LIMITS: CallLimits = { items: 500, bytes: 10 * 1024 * 1024 }

/** Data and partition key together, as the service counts them. */
const sizeOf = ({ data, partitionKey }: OutgoingRecord) => data.length + Buffer.byteLength(partitionKey)

interface PutRecordsOutput {
  /** kinesis-local says null of what it took, the service nothing. */
  Records?: { ErrorCode?: string | null }[]
}

/** Puts records on a Kinesis stream by PutRecords. */
export const kinesisPutRecords = (
  aws: Pick<Aws, 'call'>,
  stream: string,
  {
    limits = PUT_RECORDS_LIMITS,
    ...timing
  }: { limits?: CallLimits } & Pick<Parameters<typeof putInCalls>[0], 'now' | 'random' | 'wait'> = {},
): Put<OutgoingRecord> =>
  putInCalls({
    limits,
    sizeOf,
    ...timing,
    async call(records, timeout_ms) {
      // By hand, because base64 needs no look at each of its characters.
      const entries = records.map(({ partitionKey, data }) => {
        const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
        return `{"PartitionKey":${JSON.stringify(partitionKey)},"Data":"${base64}"}`
      })
      const input = `{"StreamName":${JSON.stringify(stream)},"Records":[${entries.join()}]}`
      const { Records: results = [] } = await aws.call<PutRecordsOutput>(
        'kinesis',
        'Kinesis_20131202.PutRecords',
        input,
        timeout_ms,
      )
      return results.map(({ ErrorCode }) => ErrorCode ?? undefined)
    },
  })
