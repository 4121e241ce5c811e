import type { Stack } from 'aws-cdk-lib'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'
import { ARCHIVE_PREFIX } from './createArchiveBucket.ts'
import { createStreamSink, type Sink, type SinkStores } from './createStreamSink.ts'

/** The function that keeps every event for good, an object for each batch and hour. */
export const createArchiveSink = (
  stack: Stack,
  settings: Settings,
  stores: SinkStores,
  bucket: CfnBucket,
): Sink => {
  const { windowS, parallelizationFactor } = settings.archive
  const made = createStreamSink(stack, 'Archive', settings, stores, {
    handler: 'archive.handler',
    description: 'Viewbeat: records of the stream to the archive',
    service: 'viewbeat-archive',
    windowS,
    parallelizationFactor,
    environment: { VIEWBEAT_ARCHIVE: `s3://${bucket.ref}` },
    permissions: [
      // Any name below the prefix: it is made of the hour and of the records' places on the stream.
      { actions: ['s3:PutObject'], resources: [`${bucket.attrArn}/${ARCHIVE_PREFIX}/*`] },
    ],
  })
  acknowledge(
    stack.node.findChild('ArchiveRole'),
    `AwsSolutions-IAM5[Resource::<ArchiveBucket.Arn>/${ARCHIVE_PREFIX}/*]`,
    'Objects are named by the hour and by the places of their records on the stream; the function may write, not read or delete.',
  )
  return made
}
