/** How the service says that it did not take a record. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsResultEntry.html */
export type RecordErrorCode = 'InternalFailure' | 'ProvisionedThroughputExceededException'

/** How the service says that it did not take a call. https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html */
export type CallError =
  | { status: 500; code: 'InternalFailure' }
  | { status: 400; code: 'ProvisionedThroughputExceededException' }
  | { status: 503; code: 'ServiceUnavailable' }

/** What goes wrong with one PutRecords call. */
export type Fault =
  | { kind: 'none' }
  /** Some records are refused, each by its place; the rest is taken. */
  | { kind: 'records'; errors: readonly (RecordErrorCode | undefined)[] }
  /** The call is refused as a whole. */
  | ({ kind: 'call' } & CallError)
  /** The call is taken after so many ms. */
  | { kind: 'delay'; ms: number }
  /** The connection is cut before the stream sees the call. */
  | { kind: 'cut' }
  /** The stream takes the call, and its answer is lost. */
  | { kind: 'drop' }
