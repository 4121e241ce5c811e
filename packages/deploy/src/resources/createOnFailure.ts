import type { Stack } from 'aws-cdk-lib'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { createBucket } from './createBucket.ts'

/**
 * What Lambda's names of the objects begin with; the mapping's id, the shard, the day and a random part follow.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export const ON_FAILURE_PREFIX = 'aws/lambda'

/**
 * Where Lambda puts the records that a sink did not take in all its tries, whole: queues and topics would get only
 * where they were on the stream, which forgets them. Kept as long as quarantine.
 */
export const createOnFailure = (stack: Stack, key: CfnKey, days: number): CfnBucket =>
  createBucket(stack, 'OnFailureBucket', key, { objects: days })
