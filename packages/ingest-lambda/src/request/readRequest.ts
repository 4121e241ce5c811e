import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda'

/**
 * What may stand in front of the function: an HTTP API or a function URL (both payload 2.0), a REST API's proxy
 * integration, a load balancer.
 */
export type GatewayEvent = APIGatewayProxyEventV2 | APIGatewayProxyEvent | ALBEvent

/** A request, whatever handed it over. */
export interface IngestRequest {
  /** The gateway's name of it, which the answer carries too. */
  id: string
  method: string
  /** What is asked for, whatever prefix the gateway puts before it: `events` of `/v1/events`. */
  route: string
  /** The publisher's key, from the query. */
  key: string | undefined
  /** By name in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  /** The address that the gateway itself saw. */
  sourceIp: string | undefined
  body: string | null | undefined
  isBase64: boolean
  /** A load balancer set to multi-value headers takes no others. */
  wantsMultiValueHeaders: boolean
}

type Headers = Record<string, string | undefined>
type Values = Record<string, string[] | undefined>

/** Names in lower case, several values joined as HTTP joins them. No prototype: names are a stranger's. */
const lowerCase = (single: Headers | null | undefined, multiple: Values | null | undefined): Headers => {
  const headers: Headers = Object.create(null)
  for (const name in single) headers[name.toLowerCase()] = single[name]
  for (const name in multiple) headers[name.toLowerCase()] = multiple[name]?.join(', ')
  return headers
}

/** A load balancer hands the query over as it stands in the URL. */
const decode = (text: string | undefined) => {
  try {
    return text && decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Stage names, base path mappings and CloudFront paths stand before it. */
const routeOf = (path: string) => /\/v1\/([a-z]{1,16})\/?$/.exec(path.slice(-64))?.[1] ?? ''

/** Reads what the gateway hands over; the body is left as it is. */
export const readRequest = (event: GatewayEvent): IngestRequest => {
  const { body, isBase64Encoded: isBase64 } = event
  if ('rawPath' in event) {
    const { http, requestId } = event.requestContext
    return {
      id: requestId,
      method: http.method,
      route: routeOf(event.rawPath),
      key: event.queryStringParameters?.key,
      headers: event.headers,
      sourceIp: http.sourceIp,
      body,
      isBase64,
      wantsMultiValueHeaders: false,
    }
  }
  const { httpMethod: method, path, queryStringParameters, multiValueQueryStringParameters } = event
  const key = queryStringParameters?.key ?? multiValueQueryStringParameters?.key?.[0]
  const headers = lowerCase(event.headers, event.multiValueHeaders)
  const shared = { method, route: routeOf(path), headers, body, isBase64 }
  if ('elb' in event.requestContext)
    return {
      ...shared,
      id: headers['x-amzn-trace-id'] ?? '',
      key: decode(key),
      // The balancer appends the address it saw to whatever the sender claims.
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
      sourceIp: headers['x-forwarded-for']?.split(',').at(-1)?.trim(),
      wantsMultiValueHeaders: !event.headers && !!event.multiValueHeaders,
    }
  const { requestId, identity } = (event as APIGatewayProxyEvent).requestContext
  return { ...shared, id: requestId, key, sourceIp: identity.sourceIp, wantsMultiValueHeaders: false }
}
