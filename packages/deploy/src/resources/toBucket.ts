import type { Stack } from 'aws-cdk-lib'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import type { CfnLogGroup, CfnLogStream } from 'aws-cdk-lib/aws-logs'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Permission } from './createRole.ts'

/** What Firehose may do to write into an encrypted bucket, and to say what it could not. */
export const toBucket = (
  { partition, region, account, urlSuffix }: Stack,
  bucket: CfnBucket,
  key: CfnKey,
  logs: CfnLogGroup,
  errors: CfnLogStream,
): Permission[] => [
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
      StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` },
      // With a bucket key S3 names the bucket, not the object.
      StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucket.attrArn, `${bucket.attrArn}/*`] },
    },
  },
  {
    actions: ['logs:PutLogEvents'],
    resources: [`arn:${partition}:logs:${region}:${account}:log-group:${logs.ref}:log-stream:${errors.ref}`],
  },
]
