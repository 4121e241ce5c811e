import { CfnDeletionPolicy, type Stack } from 'aws-cdk-lib'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3'
import { acknowledge } from './acknowledge.ts'

/** When objects of a bucket go, days. */
export interface Lifetimes {
  /** Absent: never. */
  objects?: number
  /** Keeps versions that were overwritten or deleted for so long. Absent: not at all. */
  oldVersions?: number
  /** When objects move to S3 Standard-IA, and to Glacier Instant Retrieval. Absent: never. */
  cheaper?: { infrequent: number; glacier: number }
}

/** A private bucket: encrypted under the key, reached by TLS 1.2 or newer only, kept when the stack goes. */
export const createBucket = (stack: Stack, id: string, key: CfnKey, lifetimes: Lifetimes): CfnBucket => {
  const { objects, oldVersions, cheaper } = lifetimes
  const bucket = new CfnBucket(stack, id, {
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        {
          bucketKeyEnabled: true,
          serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.attrArn },
        },
      ],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    ...(oldVersions && { versioningConfiguration: { status: 'Enabled' } }),
    lifecycleConfiguration: {
      rules: [
        {
          id: 'expire',
          status: 'Enabled',
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          ...(objects && { expirationInDays: objects }),
          ...(cheaper && {
            transitions: [
              { storageClass: 'STANDARD_IA', transitionInDays: cheaper.infrequent },
              { storageClass: 'GLACIER_IR', transitionInDays: cheaper.glacier },
            ],
          }),
          ...(oldVersions && { noncurrentVersionExpiration: { noncurrentDays: oldVersions } }),
        },
      ],
    },
  })
  bucket.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN
  bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'Only roles of this stack write here. Who reads beside them is in the CloudTrail data events of the account; a server access log would be a second copy of that, in a bucket that needs the same care.',
  )

  const refuse = (sid: string, condition: object) => ({
    Sid: sid,
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
    Condition: condition,
  })
  new CfnBucketPolicy(stack, `${id}Policy`, {
    bucket: bucket.ref,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        refuse('OnlyTls', { Bool: { 'aws:SecureTransport': 'false' } }),
        refuse('OnlyTls12', { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
      ],
    },
  })
  return bucket
}
