import type { Stack } from 'aws-cdk-lib'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import { CfnParameter } from 'aws-cdk-lib/aws-ssm'
import type { Settings } from '../settings/settings.ts'
import { createBucket } from './createBucket.ts'
import type { Permission } from './createRole.ts'

/** The name of the document in its bucket. */
const OBJECT = 'keys.json'

/** How long a replaced document can be had back, days. */
const UNDO_DAYS = 90

/** The keys document: where the function finds it, and what it needs to read it. */
export interface Keys {
  /** As `VIEWBEAT_KEYS` says it. */
  location: string
  permissions: Permission[]
}

const keysParameter = (stack: Stack, { parameter, document }: Settings['keys']): Keys => {
  const text = JSON.stringify(document)
  new CfnParameter(stack, 'Keys', {
    name: parameter,
    // Write keys are in every page: public, so not a SecureString.
    type: 'String',
    tier: text.length > 4096 ? 'Advanced' : 'Standard',
    description: 'Publisher keys: publisher, origins, state, quota and sample rate of each.',
    value: text,
  })
  return {
    location: `ssm:${parameter}`,
    permissions: [
      {
        actions: ['ssm:GetParameter'],
        resources: [`arn:${stack.partition}:ssm:${stack.region}:${stack.account}:parameter${parameter}`],
      },
    ],
  }
}

const keysObject = (stack: Stack, key: CfnKey): Keys => {
  const bucket = createBucket(stack, 'KeysBucket', key, { oldVersions: UNDO_DAYS })
  return {
    location: `s3://${bucket.ref}/${OBJECT}`,
    permissions: [
      { actions: ['s3:GetObject'], resources: [`${bucket.attrArn}/${OBJECT}`] },
      { actions: ['kms:Decrypt'], resources: [key.attrArn] },
    ],
  }
}

/** The publisher keys, in a parameter that deploying writes, or in an object that you upload. */
export const createKeys = (stack: Stack, settings: Settings['keys'], key: CfnKey): Keys =>
  settings.from === 'ssm' ? keysParameter(stack, settings) : keysObject(stack, key)
