import { CfnDeletionPolicy, type Stack } from 'aws-cdk-lib'
import { CfnKey } from 'aws-cdk-lib/aws-kms'

/** The key under which viewers' events rest: in the stream, in quarantine, in the spill store. Rotated every year. */
export const createDataKey = (stack: Stack, name: string): CfnKey => {
  const key = new CfnKey(stack, 'DataKey', {
    description: `${name}: events on the stream, in quarantine and in the spill store`,
    enableKeyRotation: true,
    pendingWindowInDays: 30,
    keyPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          // AWS's own default: the account's policies decide. In a key's policy "*" is that key and nothing else.
          Sid: 'AccountDecides',
          Effect: 'Allow',
          Principal: { AWS: `arn:${stack.partition}:iam::${stack.account}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          // A CloudWatch alarm can tell an encrypted topic only if the key lets it.
          Sid: 'AlarmsTell',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:SourceAccount': stack.account } },
        },
      ],
    },
  })
  // Without the key what was retained could not be read.
  key.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN
  key.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
  return key
}
