import type { Stack } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import type { CfnStream } from 'aws-cdk-lib/aws-kinesis'
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import { CfnEventInvokeConfig, type CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'
import { type CodeLocation, createFunction } from './createFunction.ts'
import { METRICS, SPILL_PREFIX } from './createIngest.ts'

/** The function that, every minute, puts spilled records on the stream and deletes their objects. One runs at a time. */
export const createDrain = (
  stack: Stack,
  settings: Settings,
  {
    code,
    key,
    stream,
    quarantine,
    spill,
  }: {
    code: CodeLocation
    key: CfnKey
    stream: CfnStream
    quarantine: CfnDeliveryStream
    spill: CfnBucket
  },
): CfnFunction => {
  const objects = `${spill.attrArn}/${SPILL_PREFIX}/*`
  const made = createFunction(stack, 'Drain', settings.lambda, {
    code,
    handler: 'index.drain',
    description: 'Viewbeat: spilled records to the stream',
    timeoutS: 55,
    // A second one would put the same records twice.
    concurrency: 1,
    environment: {
      ...METRICS,
      VIEWBEAT_STREAM: stream.ref,
      VIEWBEAT_QUARANTINE: `firehose:${quarantine.ref}`,
      VIEWBEAT_SPILL: `s3://${spill.ref}/${SPILL_PREFIX}`,
    },
    permissions: [
      { actions: ['kinesis:PutRecords'], resources: [stream.attrArn] },
      // For a spilled line that is no record.
      { actions: ['firehose:PutRecordBatch'], resources: [quarantine.attrArn] },
      {
        actions: ['s3:ListBucket'],
        resources: [spill.attrArn],
        conditions: { StringLike: { 's3:prefix': [SPILL_PREFIX, `${SPILL_PREFIX}/*`] } },
      },
      // Any name below the prefix: the ingest chose it.
      // What the stream took only part of is written back without that part.
      { actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], resources: [objects] },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.attrArn] },
    ],
  })
  acknowledge(
    stack.node.findChild('DrainRole'),
    `AwsSolutions-IAM5[Resource::<SpillBucket.Arn>/${SPILL_PREFIX}/*]`,
    'It reads, cuts down and deletes what the ingest spilled, under names that only the ingest knows.',
  )

  const rule = new CfnRule(stack, 'DrainEveryMinute', {
    description: 'Runs the drain of the spill store',
    scheduleExpression: 'rate(1 minute)',
    state: 'ENABLED',
    targets: [
      {
        id: 'drain',
        arn: made.attrArn,
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
      },
    ],
  })
  new CfnPermission(stack, 'DrainPermission', {
    action: 'lambda:InvokeFunction',
    functionName: made.ref,
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
  })
  // The next minute is the retry.
  new CfnEventInvokeConfig(stack, 'DrainRetries', {
    functionName: made.ref,
    qualifier: '$LATEST',
    maximumEventAgeInSeconds: 60,
    maximumRetryAttempts: 0,
  })
  return made
}
