import type { Stack } from 'aws-cdk-lib'
import type { CfnStream } from 'aws-cdk-lib/aws-kinesis'
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import type { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'
import { type CodeLocation, createFunction } from './createFunction.ts'
import { NAMESPACE } from './createIngest.ts'
import { ON_FAILURE_PREFIX } from './createOnFailure.ts'
import type { Permission } from './createRole.ts'
import { createStreamMapping } from './createStreamMapping.ts'

/** What every sink stands on. */
export interface SinkStores {
  code: CodeLocation
  key: CfnKey
  stream: CfnStream
  quarantine: CfnDeliveryStream
  onFailure: CfnBucket
}

/** What one sink has of its own. */
export interface SinkProps {
  /** `archive.handler` */
  handler: string
  description: string
  /** What it names itself by in its metrics. */
  service: string
  windowS: number
  parallelizationFactor: number
  environment: Record<string, string>
  permissions: readonly Permission[]
}

/** A sink: the function, and the mapping by which it reads the stream. */
export interface Sink {
  service: string
  function: CfnFunction
  mapping: CfnEventSourceMapping
  /** How long its records are collected, s. */
  windowS: number
}

/** A function that reads the stream, keeps what is no record in quarantine, and leaves what it cannot store to Lambda. */
export const createStreamSink = (
  stack: Stack,
  id: string,
  { sinks, stream: { retentionHours }, lambda }: Settings,
  { code, key, stream, quarantine, onFailure }: SinkStores,
  { service, windowS, parallelizationFactor, environment, permissions, ...props }: SinkProps,
): Sink => {
  const made = createFunction(
    stack,
    id,
    { ...lambda, memoryMb: sinks.memoryMb },
    {
      ...props,
      code,
      timeoutS: sinks.timeoutS,
      // Fewer than shards × factor would leave shards waiting in turn; and a throttled mapping uses up no tries, only age.
      concurrency: sinks.concurrency,
      environment: {
        POWERTOOLS_SERVICE_NAME: service,
        POWERTOOLS_METRICS_NAMESPACE: NAMESPACE,
        VIEWBEAT_QUARANTINE: `firehose:${quarantine.ref}`,
        ...environment,
      },
      permissions: [
        {
          // What a mapping needs: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
          actions: [
            'kinesis:DescribeStream',
            'kinesis:DescribeStreamSummary',
            'kinesis:GetRecords',
            'kinesis:GetShardIterator',
            'kinesis:ListShards',
          ],
          resources: [stream.attrArn],
        },
        { actions: ['firehose:PutRecordBatch'], resources: [quarantine.attrArn] },
        // Lambda names the objects by the mapping, the shard, the time and a random part.
        { actions: ['s3:PutObject'], resources: [`${onFailure.attrArn}/${ON_FAILURE_PREFIX}/*`] },
        { actions: ['s3:ListBucket'], resources: [onFailure.attrArn] },
        // Decrypt for the stream, GenerateDataKey for the on-failure bucket.
        { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.attrArn] },
        ...permissions,
      ],
    },
  )
  acknowledge(
    stack.node.findChild(`${id}Role`),
    `AwsSolutions-IAM5[Resource::<OnFailureBucket.Arn>/${ON_FAILURE_PREFIX}/*]`,
    'Lambda names the objects of given-up records by the mapping, the shard, the time and a random part.',
  )
  const mapping = createStreamMapping(stack, `${id}Mapping`, made, {
    streamArn: stream.attrArn,
    retentionHours,
    onFailureArn: onFailure.attrArn,
    windowS,
    parallelizationFactor,
    retries: sinks.retries,
  })
  return { service, function: made, mapping, windowS }
}
