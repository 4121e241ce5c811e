import type { Stack } from 'aws-cdk-lib'
import { CfnApiMapping, CfnDomainName } from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import type { Settings } from '../settings/settings.ts'
import type { Gateway } from './createGateway.ts'

/** A place in AWS that a DNS alias can lead to. */
export interface AliasTarget {
  dnsName: string
  hostedZoneId: string
}

/** Records that lead a host name to a target, for IPv4 and IPv6. */
export const createAliases = (
  stack: Stack,
  { name, hostedZoneId }: NonNullable<Settings['domain']>,
  target: AliasTarget,
): void => {
  if (!hostedZoneId) return
  for (const type of ['A', 'AAAA'])
    new CfnRecordSet(stack, `Dns${type}`, { name, hostedZoneId, type, aliasTarget: target })
}

/** A host name of yours before the HTTP API, by TLS 1.2 or newer. */
export const createDomain = (
  stack: Stack,
  domain: NonNullable<Settings['domain']>,
  api: NonNullable<Gateway['api']>,
): void => {
  const made = new CfnDomainName(stack, 'Domain', {
    domainName: domain.name,
    domainNameConfigurations: [
      { certificateArn: domain.certificateArn, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' },
    ],
  })
  const mapping = new CfnApiMapping(stack, 'DomainMapping', {
    apiId: api.id,
    domainName: made.ref,
    stage: '$default',
  })
  mapping.addResourceDependency(api.stage)
  createAliases(stack, domain, {
    dnsName: made.attrRegionalDomainName,
    hostedZoneId: made.attrRegionalHostedZoneId,
  })
}
