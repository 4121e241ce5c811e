import type { Stack } from 'aws-cdk-lib'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Settings } from '../settings/settings.ts'
import { createBucket } from './createBucket.ts'

/** What the names of the archive's objects begin with. */
export const ARCHIVE_PREFIX = 'events'

/** How long an object that was overwritten or deleted can be had back, days. */
const UNDO_DAYS = 30

/** Where every event is kept, as gzipped lines by the hour in which it was received. */
export const createArchiveBucket = (
  stack: Stack,
  { days, infrequentDays, glacierDays }: Settings['archive'],
  key: CfnKey,
): CfnBucket =>
  createBucket(stack, 'ArchiveBucket', key, {
    ...(days && { objects: days }),
    oldVersions: UNDO_DAYS,
    // S3 takes no step that objects do not live to see.
    ...((days ?? Number.POSITIVE_INFINITY) > glacierDays && {
      cheaper: { infrequent: infrequentDays, glacier: glacierDays },
    }),
  })
