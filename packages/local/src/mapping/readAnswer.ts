/**
 * What a function's answer says of its batch: the index of the first record that it is not done with, or how many there
 * are when it is done with all. The lowest number counts; an identifier that is empty, null, missing or of no record of
 * the batch fails the whole.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export const readAnswer = (answer: unknown, sequenceNumbers: readonly string[]): number => {
  const failures = (answer as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures
  if (!Array.isArray(failures)) return sequenceNumbers.length
  const indexes = failures.map((failure: { itemIdentifier?: unknown } | null) =>
    sequenceNumbers.indexOf(failure?.itemIdentifier as string),
  )
  return Math.min(sequenceNumbers.length, ...indexes.map((index) => Math.max(0, index)))
}
