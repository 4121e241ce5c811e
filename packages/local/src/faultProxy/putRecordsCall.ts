/** A PutRecords call as it is on the wire. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export interface PutRecordsCall {
  StreamName?: string
  StreamARN?: string
  /** `Data` is base64. */
  Records: { Data: string; PartitionKey: string; ExplicitHashKey?: string }[]
}

/** What became of one record of a call. */
export type RecordResult =
  | { SequenceNumber: string; ShardId: string }
  | { ErrorCode: string; ErrorMessage: string }

/** The answer to a PutRecords call as it is on the wire. */
export interface PutRecordsAnswer {
  FailedRecordCount?: number
  EncryptionType?: string
  Records: RecordResult[]
}

/** What a record counts as: its data and its partition key. */
export const bytesOf = ({ Data, PartitionKey }: PutRecordsCall['Records'][number]): number =>
  Buffer.byteLength(Data, 'base64') + Buffer.byteLength(PartitionKey)
