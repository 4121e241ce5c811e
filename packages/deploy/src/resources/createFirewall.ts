import { CfnRule, Fn, type Stack } from 'aws-cdk-lib'
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'

/** A web ACL for CloudFront that blocks an address while it sends more requests than that in five minutes. */
export const createFirewall = (stack: Stack, name: string, requestsPer5Minutes: number): CfnWebACL => {
  const rule = new CfnRule(stack, 'FirewallRegion')
  rule.addAssertion(
    Fn.conditionEquals(stack.region, 'us-east-1'),
    'edge.requestsPer5Minutes: a web ACL for CloudFront can be made in us-east-1 only. Deploy there, or make one there and give its ARN as edge.webAclArn.',
  )
  const visibility = (metricName: string) => ({
    cloudWatchMetricsEnabled: true,
    metricName,
    // Samples hold addresses.
    sampledRequestsEnabled: false,
  })
  return new CfnWebACL(stack, 'Firewall', {
    name,
    scope: 'CLOUDFRONT',
    description: 'Viewbeat: how much one address may send',
    defaultAction: { allow: {} },
    visibilityConfig: visibility(name),
    rules: [
      {
        name: 'too-many',
        priority: 0,
        action: { block: { customResponse: { responseCode: 429 } } },
        statement: {
          rateBasedStatement: {
            aggregateKeyType: 'IP',
            evaluationWindowSec: 300,
            limit: requestsPer5Minutes,
          },
        },
        visibilityConfig: visibility(`${name}-too-many`),
      },
    ],
  })
}
