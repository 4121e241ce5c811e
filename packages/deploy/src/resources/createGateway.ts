import { CfnOutput, Fn, type Stack } from 'aws-cdk-lib'
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { type CfnFunction, CfnPermission, CfnUrl } from 'aws-cdk-lib/aws-lambda'
import type { Settings } from '../settings/settings.ts'
import { acknowledge } from './acknowledge.ts'
import { createLogGroup } from './createLogGroup.ts'

/** A metric that AWS keeps of the gateway. */
export interface GatewayMetric {
  namespace: string
  metric: string
  dimensions: Record<string, string>
}

/** What viewers post to. */
export interface Gateway {
  /** Host name, without a protocol. */
  host: string
  /** Of an HTTP API, for a domain's mapping. */
  api?: { id: string; stage: CfnStage }
  requests: GatewayMetric
  serverErrors: GatewayMetric
}

/** What the ingest answers. Anything else is answered 404 by the gateway, and no function runs for it. */
export const ROUTES = [
  'POST /v1/events',
  'OPTIONS /v1/events',
  'POST /v1/cmcd',
  'OPTIONS /v1/cmcd',
  'GET /v1/health',
]

/** What the access log says of a request: no address, no user agent, no query, so nothing of a viewer. */
const ACCESS_LOG = {
  time: '$context.requestTime',
  request_id: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  response_bytes: '$context.responseLength',
  latency_ms: '$context.responseLatency',
  function_ms: '$context.integrationLatency',
  function_status: '$context.integrationStatus',
  error: '$context.error.message',
  function_error: '$context.integrationErrorMessage',
}

const httpApi = (stack: Stack, { name, gateway, lambda }: Settings, ingest: CfnFunction): Gateway => {
  const api = new CfnApi(stack, 'Api', {
    name,
    protocolType: 'HTTP',
    description: 'Viewbeat: where players post their events',
    // No CORS settings: the API would overwrite what the function says.
  })
  const integration = new CfnIntegration(stack, 'ApiIntegration', {
    apiId: api.ref,
    integrationType: 'AWS_PROXY',
    integrationUri: ingest.attrArn,
    payloadFormatVersion: '2.0',
    timeoutInMillis: (lambda.timeoutS + 1) * 1000,
  })
  for (const key of ROUTES) {
    const id = key.replaceAll(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, __, letter: string) =>
      letter.toUpperCase(),
    )
    const route = new CfnRoute(stack, `Route${id}`, {
      apiId: api.ref,
      routeKey: key,
      target: `integrations/${integration.ref}`,
    })
    acknowledge(
      route,
      'AwsSolutions-APIG4',
      'Viewers have no account. The function admits by the public write key and the origins that belong to it.',
    )
  }
  // The name lets the gateway write there without a policy of its own for each group.
  const logs = createLogGroup(stack, 'AccessLogs', lambda.logDays, `/aws/vendedlogs/${name}-access`)
  const stage = new CfnStage(stack, 'ApiStage', {
    apiId: api.ref,
    stageName: '$default',
    autoDeploy: true,
    accessLogSettings: { destinationArn: logs.attrArn, format: JSON.stringify(ACCESS_LOG) },
    defaultRouteSettings: {
      throttlingBurstLimit: gateway.burst,
      throttlingRateLimit: gateway.requestsPerSecond,
    },
  })
  new CfnPermission(stack, 'ApiPermission', {
    action: 'lambda:InvokeFunction',
    functionName: ingest.ref,
    principal: 'apigateway.amazonaws.com',
    // Every stage and route of this API, and of no other.
    sourceArn: `arn:${stack.partition}:execute-api:${stack.region}:${stack.account}:${api.ref}/*/*`,
  })
  const of = (metric: string) => ({
    namespace: 'AWS/ApiGateway',
    metric,
    dimensions: { ApiId: api.ref, Stage: '$default' },
  })
  return {
    host: `${api.ref}.execute-api.${stack.region}.${stack.urlSuffix}`,
    api: { id: api.ref, stage },
    requests: of('Count'),
    serverErrors: of('5xx'),
  }
}

const functionUrl = (stack: Stack, ingest: CfnFunction): Gateway => {
  const url = new CfnUrl(stack, 'Url', { authType: 'NONE', targetFunctionArn: ingest.attrArn })
  const open = { functionName: ingest.ref, principal: '*' }
  new CfnPermission(stack, 'UrlPermission', {
    ...open,
    action: 'lambda:InvokeFunctionUrl',
    functionUrlAuthType: 'NONE',
  })
  // Since October 2025 a URL needs both: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
  new CfnPermission(stack, 'UrlInvokePermission', {
    ...open,
    action: 'lambda:InvokeFunction',
    invokedViaFunctionUrl: true,
  })
  const of = (metric: string) => ({
    namespace: 'AWS/Lambda',
    metric,
    dimensions: { FunctionName: ingest.ref },
  })
  return {
    // https://<host>/
    host: Fn.select(2, Fn.split('/', url.attrFunctionUrl)),
    requests: of('UrlRequestCount'),
    serverErrors: of('Url5xxCount'),
  }
}

/** What viewers post to: an HTTP API with a throttle and an access log, or the function's own URL. */
export const createGateway = (stack: Stack, settings: Settings, ingest: CfnFunction): Gateway => {
  const gateway =
    settings.gateway.kind === 'http-api' ? httpApi(stack, settings, ingest) : functionUrl(stack, ingest)
  new CfnOutput(stack, 'GatewayHost', { value: gateway.host, description: 'Host name of the gateway' })
  return gateway
}
