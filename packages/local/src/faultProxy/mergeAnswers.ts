import type { PutRecordsAnswer, RecordResult } from './putRecordsCall.ts'

/** As the service words it: kinesis-local says `"ErrorCode":null` of a record that it took. */
const tidy = (result: RecordResult): RecordResult =>
  Object.fromEntries(Object.entries(result).filter(([, value]) => value !== null)) as unknown as RecordResult

/**
 * The answer to a whole call of which only a part was forwarded: the refusals in their places, and the stream's
 * results, in order, in all others.
 */
export const mergeAnswers = (
  refused: readonly (RecordResult | undefined)[],
  forwarded: PutRecordsAnswer,
): PutRecordsAnswer => {
  const results = forwarded.Records.values()
  const Records = refused.map((refusal) => {
    if (refusal) return refusal
    const { value } = results.next()
    if (!value) throw new Error('The stream answered for fewer records than were forwarded')
    return tidy(value)
  })
  if (!results.next().done) throw new Error('The stream answered for more records than were forwarded')
  return {
    ...forwarded,
    FailedRecordCount: Records.filter((result) => 'ErrorCode' in result).length,
    Records,
  }
}
