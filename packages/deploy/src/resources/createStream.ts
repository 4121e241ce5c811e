import { CfnDeletionPolicy, type Stack } from 'aws-cdk-lib'
import { CfnStream } from 'aws-cdk-lib/aws-kinesis'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'

/** The stream that accepted batches go to, and sinks read. */
export const createStream = (
  stack: Stack,
  { mode, shards, retentionHours }: Settings['stream'],
  key: CfnKey,
): CfnStream => {
  const stream = new CfnStream(stack, 'Stream', {
    retentionPeriodHours: retentionHours,
    streamEncryption: { encryptionType: 'KMS', keyId: key.attrArn },
    streamModeDetails: { streamMode: mode === 'on-demand' ? 'ON_DEMAND' : 'PROVISIONED' },
    ...(mode === 'provisioned' && { shardCount: shards }),
  })
  // It may hold what no sink has read yet.
  stream.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN
  stream.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
  acknowledge(
    stream,
    'AwsSolutions-KDS3',
    'A rule about cost: a key of its own is 1 USD a month, and lets its policy say who may read viewers’ events.',
  )
  return stream
}
