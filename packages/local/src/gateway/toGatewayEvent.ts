import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/**
 * What API Gateway passes on as text; every other body, one without a content type included, goes as base64.
 * Payload format 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
const TEXT = /^(text\/|application\/(json|xml|javascript)\b)/

/** Several values of a name, joined. */
const join = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

/** The event that an HTTP API (payload format 2.0) would hand the function for this request. */
export const toGatewayEvent = (
  request: { method: string; url: URL; headers: IncomingHttpHeaders; body: Buffer; sourceIp: string },
  now = Date.now(),
): APIGatewayProxyEventV2 => {
  const { method, url, headers, body, sourceIp } = request
  const isText = TEXT.test(headers['content-type'] ?? '')
  const query = Object.fromEntries(url.searchParams)
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: join(headers),
    ...(url.search.length > 1 && { queryStringParameters: query }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: url.host,
      domainPrefix: 'local',
      http: {
        method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText && body.length > 0,
  }
}
