import { CfnOutput, type Stack } from 'aws-cdk-lib'
import { CfnCachePolicy, CfnDistribution, CfnOriginRequestPolicy } from 'aws-cdk-lib/aws-cloudfront'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'
import type { AliasTarget } from './createDomain.ts'
import { createFirewall } from './createFirewall.ts'

/** What the ingest reads of a request beside its body, and what CloudFront adds. A policy takes ten at most. */
const HEADERS = [
  'Origin',
  'User-Agent',
  'Sec-GPC',
  'Access-Control-Request-Method',
  'Access-Control-Request-Headers',
  'CloudFront-Viewer-Address',
  'CloudFront-Viewer-Country',
  'CloudFront-Viewer-Country-Region',
]

/** The zone of every distribution: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2'

/** CloudFront before the gateway: it says where viewers are from, ends TLS near them, and can be behind a firewall. */
export const createEdge = (stack: Stack, { name, domain, edge }: Settings, origin: string): AliasTarget => {
  const { requestsPer5Minutes, webAclArn, priceClass } = edge!
  const firewall = requestsPer5Minutes ? createFirewall(stack, name, requestsPer5Minutes).attrArn : webAclArn

  const cache = new CfnCachePolicy(stack, 'EdgeCache', {
    cachePolicyConfig: {
      name: `${name}-nothing-kept`,
      comment: 'Keeps nothing',
      minTtl: 0,
      defaultTtl: 0,
      maxTtl: 0,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: 'none' },
        headersConfig: { headerBehavior: 'none' },
        queryStringsConfig: { queryStringBehavior: 'none' },
        enableAcceptEncodingBrotli: false,
        enableAcceptEncodingGzip: false,
      },
    },
  })
  const forward = new CfnOriginRequestPolicy(stack, 'EdgeForward', {
    originRequestPolicyConfig: {
      name: `${name}-what-the-ingest-reads`,
      comment: 'No cookies, and not Host, which is the origin’s own',
      cookiesConfig: { cookieBehavior: 'none' },
      headersConfig: { headerBehavior: 'whitelist', headers: HEADERS },
      queryStringsConfig: { queryStringBehavior: 'all' },
    },
  })
  const distribution = new CfnDistribution(stack, 'Edge', {
    distributionConfig: {
      enabled: true,
      comment: `${name}: player events`,
      httpVersion: 'http2and3',
      ipv6Enabled: true,
      priceClass,
      ...(firewall && { webAclId: firewall }),
      ...(domain && {
        aliases: [domain.name],
        viewerCertificate: {
          acmCertificateArn: domain.certificateArn,
          minimumProtocolVersion: 'TLSv1.2_2021',
          sslSupportMethod: 'sni-only',
        },
      }),
      origins: [
        {
          id: 'gateway',
          domainName: origin,
          customOriginConfig: {
            originProtocolPolicy: 'https-only',
            originSslProtocols: ['TLSv1.2'],
            originReadTimeout: 30,
          },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: 'gateway',
        viewerProtocolPolicy: 'https-only',
        allowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        cachePolicyId: cache.ref,
        originRequestPolicyId: forward.ref,
      },
    },
  })
  acknowledge(
    distribution,
    'AwsSolutions-CFR1',
    'Viewers may be anywhere; who may play is the publisher’s to say.',
  )
  acknowledge(
    distribution,
    'AwsSolutions-CFR3',
    'Its access log would hold viewers’ addresses, which are kept nowhere; the gateway logs every request without them.',
  )
  if (!firewall)
    acknowledge(
      distribution,
      'AwsSolutions-CFR2',
      'No firewall was chosen (edge.requestsPer5Minutes, edge.webAclArn); the gateway and each key have a throttle.',
    )
  if (!domain)
    acknowledge(
      distribution,
      'AwsSolutions-CFR4',
      'The name of CloudFront itself comes with its certificate and its minimum of TLS 1; with a domain it is TLS 1.2.',
    )
  new CfnOutput(stack, 'EdgeHost', {
    value: distribution.attrDomainName,
    description: 'Host name of the distribution',
  })
  return { dnsName: distribution.attrDomainName, hostedZoneId: CLOUDFRONT_ZONE }
}
