import type { Stack } from 'aws-cdk-lib'
import { CfnEventSourceMapping, type CfnFunction } from 'aws-cdk-lib/aws-lambda'

/** What a sink decides about its mapping. Everything else is the same for all, and finite. */
export interface StreamMappingProps {
  streamArn: string
  /** How long the stream keeps records. */
  retentionHours: number
  /** A bucket: of all destinations only that gets the records themselves. */
  onFailureArn: string
  /** How long records are collected, s. */
  windowS: number
  parallelizationFactor: number
  retries: number
}

/** The oldest that Lambda can be told, s: a week. */
const OLDEST_S = 604_800

/**
 * How old a record may be for its mapping, s. A quarter of the retention is left: what the stream has forgotten cannot
 * be put into the on-failure bucket any more, and Lambda does not count it.
 */
export const oldestFor = (retentionHours: number): number =>
  Math.min(OLDEST_S, Math.floor(retentionHours * 3600 * 0.75))

/**
 * Lets a function read the stream. By Lambda's defaults a batch that fails is tried until its records expire, and its
 * shard waits; here every try, age and batch has an end, and what is given up is kept in the on-failure bucket.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
export const createStreamMapping = (
  stack: Stack,
  id: string,
  made: CfnFunction,
  { streamArn, retentionHours, onFailureArn, windowS, parallelizationFactor, retries }: StreamMappingProps,
): CfnEventSourceMapping =>
  new CfnEventSourceMapping(stack, id, {
    eventSourceArn: streamArn,
    functionName: made.ref,
    // A stack that is made anew over a stream that is there already reads all of it.
    startingPosition: 'TRIM_HORIZON',
    // Lambda also ends a batch at 6 MB, which comes first.
    batchSize: 10_000,
    maximumBatchingWindowInSeconds: windowS,
    parallelizationFactor,
    bisectBatchOnFunctionError: true,
    functionResponseTypes: ['ReportBatchItemFailures'],
    maximumRetryAttempts: retries,
    maximumRecordAgeInSeconds: oldestFor(retentionHours),
    destinationConfig: { onFailure: { destination: onFailureArn } },
    // How many records were given up: without this nothing says so.
    metricsConfig: { metrics: ['EventCount'] },
  })
