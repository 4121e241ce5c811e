import { CfnDeletionPolicy, CfnOutput, type Stack } from 'aws-cdk-lib'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { CfnKey } from 'aws-cdk-lib/aws-kms'
import { CfnDomain } from 'aws-cdk-lib/aws-opensearchservice'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'

/** Where events are searched, and by which service requests are signed. */
export interface SearchEngine {
  endpoint: string
  arn: string
  service: 'es' | 'aoss'
  /** The domain, where the stack made it. */
  domain?: CfnDomain
}

/** How an operator may ask the domain. */
const METHODS = ['Get', 'Head', 'Post', 'Put', 'Patch', 'Delete']

/**
 * A domain of OpenSearch: encrypted, by HTTPS only, requests signed. Its fine-grained access control knows one master, a
 * role that nobody has until an operator takes it on; that role says what the functions may do.
 */
const createSearchDomain = (
  stack: Stack,
  { engine, instanceType, instances, volumeGb, masters }: NonNullable<Settings['search']>,
  key: CfnKey,
): SearchEngine => {
  const account = `arn:${stack.partition}:iam::${stack.account}:root`
  const admin = new CfnRole(stack, 'SearchAdminRole', {
    description: 'Viewbeat: taken on by operators, to set up OpenSearch',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      // Who of the account may, is for the policies of its principals to say.
      Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }],
    },
  })
  const isSpread = instances % 2 === 0
  const domain = new CfnDomain(stack, 'SearchDomain', {
    engineVersion: engine,
    clusterConfig: {
      instanceType,
      instanceCount: instances,
      zoneAwarenessEnabled: isSpread,
      ...(isSpread && { zoneAwarenessConfig: { availabilityZoneCount: 2 } }),
      dedicatedMasterEnabled: masters > 0,
      ...(masters > 0 && { dedicatedMasterCount: masters, dedicatedMasterType: instanceType }),
    },
    ebsOptions: { ebsEnabled: true, volumeType: 'gp3', volumeSize: volumeGb },
    encryptionAtRestOptions: { enabled: true, kmsKeyId: key.ref },
    nodeToNodeEncryptionOptions: { enabled: true },
    domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
    advancedSecurityOptions: {
      enabled: true,
      internalUserDatabaseEnabled: false,
      masterUserOptions: { masterUserArn: admin.attrArn },
    },
    // The functions get in by the policies of their own roles; naming those here as well would be a circle.
    accessPolicies: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: admin.attrArn },
          Action: METHODS.map((method) => `es:ESHttp${method}`),
          // In a domain's own policy "*" is that domain.
          Resource: '*',
        },
      ],
    },
    softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
  })
  domain.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN
  domain.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN
  acknowledge(
    domain,
    'AwsSolutions-OS1',
    'It is reached by signed requests of this account only, each checked by IAM and by its own access control; in a VPC the functions would need a NAT gateway.',
  )
  acknowledge(
    domain,
    'AwsSolutions-OS3',
    'Its callers are Lambda functions, whose addresses change; it is signatures that are checked.',
  )
  if (masters === 0)
    acknowledge(
      domain,
      'AwsSolutions-OS4',
      'A small domain does without dedicated masters: search.masters adds three. All that is in it can be had again from the archive.',
    )
  if (!isSpread)
    acknowledge(
      domain,
      'AwsSolutions-OS7',
      'An odd number of nodes was chosen, which cannot be spread evenly over two zones: search.instances.',
    )
  for (const log of ['INDEX', 'SEARCH'])
    acknowledge(
      domain,
      `AwsSolutions-OS9[LogExport::${log}_SLOW_LOGS]`,
      'Slow logs hold the documents themselves, viewers’ events, a second time; switch them on for a while when a query is looked into.',
    )
  new CfnOutput(stack, 'SearchAdminRoleArn', {
    value: admin.attrArn,
    description: 'The role that sets up OpenSearch',
  })
  return { endpoint: `https://${domain.attrDomainEndpoint}`, arn: domain.attrArn, service: 'es', domain }
}

/** The OpenSearch that was given, or a domain of the stack. */
export const createSearchEngine = (
  stack: Stack,
  search: NonNullable<Settings['search']>,
  key: CfnKey,
): SearchEngine => {
  const { endpoint, arn } = search
  if (!endpoint || !arn) return createSearchDomain(stack, search, key)
  return {
    endpoint: endpoint.replace(/\/$/, ''),
    arn,
    service: arn.split(':')[2] === 'aoss' ? 'aoss' : 'es',
  }
}
