import type { Stack } from 'aws-cdk-lib'
import type { CfnStream } from 'aws-cdk-lib/aws-kinesis'
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'
import { type CodeLocation, createFunction } from './createFunction.ts'
import type { Keys } from './createKeys.ts'

/** What the metrics of all functions are under. */
export const NAMESPACE = 'Viewbeat'

/** What the ingest and the drain name themselves by in their metrics. */
export const METRICS = {
  POWERTOOLS_SERVICE_NAME: 'viewbeat-ingest',
  POWERTOOLS_METRICS_NAMESPACE: NAMESPACE,
}

/** Where the ingest spills to, in its bucket. */
export const SPILL_PREFIX = 'spill'

/** The function that answers viewers: checks batches and puts them on the stream. */
export const createIngest = (
  stack: Stack,
  settings: Settings,
  {
    code,
    key,
    stream,
    quarantine,
    spill,
    keys,
  }: {
    code: CodeLocation
    key: CfnKey
    stream: CfnStream
    quarantine: CfnDeliveryStream
    spill: CfnBucket
    keys: Keys
  },
): CfnFunction => {
  const made = createFunction(stack, 'Ingest', settings.lambda, {
    code,
    handler: 'index.handler',
    description: 'Viewbeat: batches of player events in, records on the stream out',
    timeoutS: settings.lambda.timeoutS,
    concurrency: settings.lambda.concurrency,
    environment: {
      ...METRICS,
      VIEWBEAT_STREAM: stream.ref,
      VIEWBEAT_KEYS: keys.location,
      VIEWBEAT_KEYS_REFRESH_S: String(settings.keys.refreshS),
      VIEWBEAT_QUARANTINE: `firehose:${quarantine.ref}`,
      VIEWBEAT_SPILL: `s3://${spill.ref}/${SPILL_PREFIX}`,
      ...(settings.edge && { VIEWBEAT_IP_HEADER: 'cloudfront-viewer-address' }),
    },
    permissions: [
      { actions: ['kinesis:PutRecords'], resources: [stream.attrArn] },
      { actions: ['firehose:PutRecordBatch'], resources: [quarantine.attrArn] },
      // Any name below the prefix: it is made of the hour and a random part.
      { actions: ['s3:PutObject'], resources: [`${spill.attrArn}/${SPILL_PREFIX}/*`] },
      // For the stream, and for the bucket it spills to.
      { actions: ['kms:GenerateDataKey'], resources: [key.attrArn] },
      ...keys.permissions,
    ],
  })
  acknowledge(
    stack.node.findChild('IngestRole'),
    `AwsSolutions-IAM5[Resource::<SpillBucket.Arn>/${SPILL_PREFIX}/*]`,
    'Spilled objects are named by the hour and a random part; the function may write there, not read or delete.',
  )
  return made
}
