import type { Stack } from 'aws-cdk-lib'
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import { CfnLogStream } from 'aws-cdk-lib/aws-logs'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'
import { createBucket } from './createBucket.ts'
import { createLogGroup } from './createLogGroup.ts'
import { createRole } from './createRole.ts'
import { toBucket } from './toBucket.ts'

/** Where refused batches go: through a delivery stream into a bucket, as gzipped lines, by the hour they came. */
export const createQuarantine = (
  stack: Stack,
  { days, bufferS }: Settings['quarantine'],
  logDays: number,
  key: CfnKey,
): { bucket: CfnBucket; deliveryStream: CfnDeliveryStream } => {
  const bucket = createBucket(stack, 'QuarantineBucket', key, { objects: days })
  const logs = createLogGroup(stack, 'QuarantineLogs', logDays)
  const errors = new CfnLogStream(stack, 'QuarantineErrors', {
    logGroupName: logs.ref,
    logStreamName: 'delivery',
  })
  const role = createRole(stack, 'QuarantineRole', 'firehose.amazonaws.com', [
    ...toBucket(stack, bucket, key, logs, errors),
  ])
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::<QuarantineBucket.Arn>/*]',
    'Firehose chooses the names of the objects it writes; the bucket holds nothing else.',
  )
  const deliveryStream = new CfnDeliveryStream(stack, 'Quarantine', {
    deliveryStreamType: 'DirectPut',
    // What waits for its object, a minute's worth; the key of AWS, so that nobody who puts needs our key too.
    deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
    extendedS3DestinationConfiguration: {
      bucketArn: bucket.attrArn,
      roleArn: role.attrArn,
      prefix: 'quarantine/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
      errorOutputPrefix: 'undelivered/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
      compressionFormat: 'GZIP',
      fileExtension: '.ndjson.gz',
      bufferingHints: { intervalInSeconds: bufferS, sizeInMBs: 16 },
      encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: key.attrArn } },
      cloudWatchLoggingOptions: { enabled: true, logGroupName: logs.ref, logStreamName: errors.ref },
    },
  })
  return { bucket, deliveryStream }
}
