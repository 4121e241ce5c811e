import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'

/**
 * What API Gateway passes on as text; every other body, one without a content type included, goes as base64.
 * Payload format 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
const TEXT = /^(text\/|application\/(json|xml|javascript)\b)/

/** Several values of a name, joined. */
const join = (headers: IncomingHttpHeaders) => {
  const joined: Record<string, string> = {}
  for (const name in headers) joined[name] = String(headers[name])
  return joined
}

/** What of Node's request becomes part of the event. */
export type GatewayRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & {
  socket: Pick<IncomingMessage['socket'], 'remoteAddress'>
}

/** The event that an HTTP API (payload format 2.0) would hand the function for this request. */
export const toGatewayEvent = (
  { method = 'GET', url = '/', headers, socket }: GatewayRequest,
  body: Buffer,
  now = Date.now(),
): APIGatewayProxyEventV2 => {
  const isText = TEXT.test(headers['content-type'] ?? '')
  const [path, query = ''] = url.split(/\?(.*)/s) as [string, string?]
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: join(headers),
    ...(query && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers.host ?? '',
      domainPrefix: 'local',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: socket.remoteAddress ?? '',
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
