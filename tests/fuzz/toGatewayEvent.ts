import type { GatewayEvent } from '../../packages/ingest-lambda/src/index.ts'

/** The gateways that may stand in front of the ingest. */
export const GATEWAYS = ['http', 'rest', 'alb', 'alb-multi'] as const

/** What is not the body of a request. */
export interface Around {
  gateway: (typeof GATEWAYS)[number]
  method?: string
  path?: string
  key?: string | undefined
  headers?: Record<string, string>
}

/** The event with which a gateway hands a body over. As much of it as the ingest may look at. */
export const toGatewayEvent = (
  { gateway, method = 'POST', path = '/v1/events', key, headers = {} }: Around,
  { body, isBase64Encoded }: { body: string | null; isBase64Encoded: boolean },
): GatewayEvent => {
  const query = key === undefined ? {} : { key }
  const shared = { body, isBase64Encoded, headers }
  if (gateway === 'http')
    return {
      ...shared,
      ...(body === null && { body: undefined }),
      version: '2.0',
      rawPath: path,
      rawQueryString: new URLSearchParams(query).toString(),
      ...(key !== undefined && { queryStringParameters: query }),
      requestContext: { requestId: 'id', http: { method, path, sourceIp: '192.0.2.1' } },
    } as unknown as GatewayEvent
  const legacy = { ...shared, httpMethod: method, path }
  if (gateway === 'rest')
    return {
      ...legacy,
      queryStringParameters: key === undefined ? null : query,
      multiValueHeaders: null,
      requestContext: { requestId: 'id', identity: { sourceIp: '192.0.2.1' } },
    } as unknown as GatewayEvent
  const lists = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]))
  const forwarded = {
    'x-amzn-trace-id': 'Root=1-2-3',
    'x-forwarded-for': '203.0.113.9, 192.0.2.1',
    ...headers,
  }
  if (gateway === 'alb')
    return {
      ...legacy,
      headers: forwarded,
      queryStringParameters: query,
      requestContext: { elb: { targetGroupArn: 'arn' } },
    } as unknown as GatewayEvent
  const { headers: _, ...rest } = legacy
  return {
    ...rest,
    multiValueHeaders: lists(forwarded),
    multiValueQueryStringParameters: lists(query),
    requestContext: { elb: { targetGroupArn: 'arn' } },
  } as unknown as GatewayEvent
}
