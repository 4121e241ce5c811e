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
    // Any object of this bucket: Firehose names them by the hour and by a random suffix.
    { actions: ['s3:AbortMultipartUpload', 's3:PutObject'], resources: [`${bucket.attrArn}/*`] },
    {
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.attrArn],
    },
    {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.attrArn],
      conditions: {
        StringEquals: { 'kms:ViaService': `s3.${stack.region}.${stack.urlSuffix}` },
        // With a bucket key S3 names the bucket, not the object.
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucket.attrArn, `${bucket.attrArn}/*`] },
      },
    },
    {
      actions: ['logs:PutLogEvents'],
      resources: [
        `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:${logs.ref}:log-stream:${errors.ref}`,
      ],
    },
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
