import type { Stack } from 'aws-cdk-lib'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { createBucket } from './createBucket.ts'

/** How long a drained object can be had back, days. */
const UNDO_DAYS = 7

/**
 * Where records wait that the stream did not take. Nothing expires: what is here was answered 202 and is nowhere else.
 * The drain deletes what it has put on the stream.
 */
export const createSpill = (stack: Stack, key: CfnKey): CfnBucket =>
  createBucket(stack, 'SpillBucket', key, { oldVersions: UNDO_DAYS })
