import type { Stack } from 'aws-cdk-lib'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns'
import type { Settings } from '../settings/settings.ts'

/** The topic that alarms tell: yours, or one of the stack that mails. Resolves to its ARN. */
export const createTopic = (stack: Stack, { topicArn, email }: Settings['alarms'], key: CfnKey): string => {
  if (topicArn) return topicArn
  const topic = new CfnTopic(stack, 'Alarms', { displayName: 'Viewbeat alarms', kmsMasterKeyId: key.attrArn })
  new CfnTopicPolicy(stack, 'AlarmsPolicy', {
    topics: [topic.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AlarmsOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: topic.ref,
          Condition: { StringEquals: { 'aws:SourceAccount': stack.account } },
        },
        {
          Sid: 'OnlyTls',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Resource: topic.ref,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  })
  if (email)
    new CfnSubscription(stack, 'AlarmsMail', { topicArn: topic.ref, protocol: 'email', endpoint: email })
  return topic.ref
}
