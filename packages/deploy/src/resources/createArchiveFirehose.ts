import type { Stack } from 'aws-cdk-lib'
import type { CfnStream } from 'aws-cdk-lib/aws-kinesis'
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnLogStream } from 'aws-cdk-lib/aws-logs'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'
import { ARCHIVE_PREFIX } from './createArchiveBucket.ts'
import { type CodeLocation, createFunction } from './createFunction.ts'
import { NAMESPACE } from './createIngest.ts'
import { createLogGroup } from './createLogGroup.ts'
import { createRole } from './createRole.ts'
import { toBucket } from './toBucket.ts'

/** What the transformation gets at once, MB: its answer is several times that and base64, and must stay under 6 MB. */
const TRANSFORMED_MB = 0.5

/** The smallest that Firehose takes with dynamic partitioning, MB. */
const OBJECT_MB = 64

/** The archive without a writer of ours: Firehose reads the stream, a function turns records into lines, Firehose writes them. */
export const createArchiveFirehose = (
  stack: Stack,
  settings: Settings,
  { code, key, stream }: { code: CodeLocation; key: CfnKey; stream: CfnStream },
  bucket: CfnBucket,
): { deliveryStream: CfnDeliveryStream; function: CfnFunction } => {
  const { sinks, lambda, archive } = settings
  const transform = createFunction(
    stack,
    'Transform',
    { ...lambda, memoryMb: sinks.memoryMb },
    {
      code,
      handler: 'firehose.handler',
      description: 'Viewbeat: records to lines, for Firehose',
      timeoutS: sinks.timeoutS,
      concurrency: sinks.concurrency,
      environment: { POWERTOOLS_SERVICE_NAME: 'viewbeat-firehose', POWERTOOLS_METRICS_NAMESPACE: NAMESPACE },
      permissions: [],
    },
  )
  const logs = createLogGroup(stack, 'ArchiveFirehoseLogs', lambda.logDays)
  const errors = new CfnLogStream(stack, 'ArchiveFirehoseErrors', {
    logGroupName: logs.ref,
    logStreamName: 'delivery',
  })
  const role = createRole(stack, 'ArchiveFirehoseRole', 'firehose.amazonaws.com', [
    {
      actions: [
        'kinesis:DescribeStream',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      ],
      resources: [stream.attrArn],
    },
    {
      actions: ['kms:Decrypt'],
      resources: [key.attrArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': `kinesis.${stack.region}.${stack.urlSuffix}`,
          'kms:EncryptionContext:aws:kinesis:arn': stream.attrArn,
        },
      },
    },
    // Firehose calls the version that it names, which is always the newest.
    {
      actions: ['lambda:GetFunctionConfiguration', 'lambda:InvokeFunction'],
      resources: [transform.attrArn, `${transform.attrArn}:$LATEST`],
    },
    ...toBucket(stack, bucket, key, logs, errors),
  ])
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::<ArchiveBucket.Arn>/*]',
    'Firehose chooses the names of the objects it writes; the bucket holds nothing else.',
  )
  const deliveryStream = new CfnDeliveryStream(stack, 'ArchiveFirehose', {
    deliveryStreamType: 'KinesisStreamAsSource',
    kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.attrArn, roleArn: role.attrArn },
    extendedS3DestinationConfiguration: {
      bucketArn: bucket.attrArn,
      roleArn: role.attrArn,
      prefix: `${ARCHIVE_PREFIX}/dt=!{partitionKeyFromLambda:dt}/hour=!{partitionKeyFromLambda:hour}/`,
      errorOutputPrefix: 'undelivered/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
      dynamicPartitioningConfiguration: { enabled: true, retryOptions: { durationInSeconds: 300 } },
      processingConfiguration: {
        enabled: true,
        processors: [
          {
            type: 'Lambda',
            parameters: [
              { parameterName: 'LambdaArn', parameterValue: `${transform.attrArn}:$LATEST` },
              { parameterName: 'RoleArn', parameterValue: role.attrArn },
              { parameterName: 'BufferSizeInMBs', parameterValue: String(TRANSFORMED_MB) },
              { parameterName: 'BufferIntervalInSeconds', parameterValue: '60' },
              { parameterName: 'NumberOfRetries', parameterValue: '10' },
            ],
          },
        ],
      },
      compressionFormat: 'GZIP',
      fileExtension: '.ndjson.gz',
      bufferingHints: { intervalInSeconds: Math.max(60, archive.windowS), sizeInMBs: OBJECT_MB },
      encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: key.attrArn } },
      cloudWatchLoggingOptions: { enabled: true, logGroupName: logs.ref, logStreamName: errors.ref },
    },
  })
  acknowledge(
    deliveryStream,
    'AwsSolutions-KDF1',
    'Firehose keeps nothing of its own when it reads a stream, and takes no such setting: the stream itself is encrypted.',
  )
  return { deliveryStream, function: transform }
}
