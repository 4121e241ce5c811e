import type {
  ALBEvent,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  LambdaFunctionURLEvent,
} from 'aws-lambda'
import albSample from '../fixtures/alb.json' with { type: 'json' }
import urlSample from '../fixtures/function-url.json' with { type: 'json' }
import httpSample from '../fixtures/http-api-2.0.json' with { type: 'json' }
import restSample from '../fixtures/rest-proxy.json' with { type: 'json' }
import type { GatewayEvent } from '../src/request/readRequest.ts'

/** A request, before anything hands it over. */
export interface GatewayRequest {
  method?: string
  path?: string
  key?: string | null
  body?: string | Buffer
  headers?: Record<string, string>
  base64?: boolean
}

const wrap = ({ body, base64 = false }: GatewayRequest) => ({
  ...(body !== undefined && { body: Buffer.from(body).toString(base64 ? 'base64' : 'utf8') }),
  isBase64Encoded: base64,
})

const ofPayload2 = <T extends APIGatewayProxyEventV2 | LambdaFunctionURLEvent>(
  sample: T,
  request: GatewayRequest,
) => {
  const { method = 'POST', path = '/v1/events', key = 'pk_demo', headers = {} } = request
  const { cookies: _, body: __, queryStringParameters: ___, ...rest } = sample
  return {
    ...rest,
    rawPath: path,
    rawQueryString: key === null ? '' : `key=${key}`,
    headers,
    ...(key !== null && { queryStringParameters: { key } }),
    requestContext: { ...rest.requestContext, http: { ...rest.requestContext.http, method, path } },
    ...wrap(request),
  }
}

/** As an HTTP API hands it over, built on the sample of AWS's documentation as the others are: see `fixtures`. */
export const gatewayEvent = (request: GatewayRequest = {}): APIGatewayProxyEventV2 =>
  ofPayload2(httpSample as unknown as APIGatewayProxyEventV2, request)

const functionUrlEvent = (request: GatewayRequest) =>
  ofPayload2(urlSample as unknown as LambdaFunctionURLEvent, request) as APIGatewayProxyEventV2

const inTitleCase = (name: string) => name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
const multiple = (single: Record<string, string>) =>
  Object.fromEntries(Object.entries(single).map(([name, value]) => [name, [value]]))

const restEvent = (request: GatewayRequest): APIGatewayProxyEvent => {
  const { method = 'POST', path = '/v1/events', key = 'pk_demo' } = request
  // A REST API passes names on as they were written.
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([name, value]) => [inTitleCase(name), value]),
  )
  const query = key === null ? null : { key }
  return {
    ...(restSample as unknown as APIGatewayProxyEvent),
    httpMethod: method,
    path,
    headers,
    multiValueHeaders: multiple(headers),
    queryStringParameters: query,
    multiValueQueryStringParameters: query && multiple(query),
    body: null,
    ...wrap(request),
  }
}

const albEvent = (request: GatewayRequest): ALBEvent => {
  const { method = 'POST', path = '/v1/events', key = 'pk_demo', headers = {} } = request
  const sample = albSample as unknown as ALBEvent
  const { 'x-forwarded-for': seen, 'x-amzn-trace-id': trace } = sample.headers!
  return {
    ...sample,
    httpMethod: method,
    path,
    // What the sender claims comes first, what the balancer saw last.
    headers: { ...headers, 'x-amzn-trace-id': trace, 'x-forwarded-for': `10.0.0.1, ${seen}` },
    queryStringParameters: key === null ? {} : { key: encodeURIComponent(key) },
    body: null,
    ...wrap(request),
  }
}

const multiValueAlbEvent = (request: GatewayRequest): ALBEvent => {
  const { headers, queryStringParameters, ...rest } = albEvent(request)
  return {
    ...rest,
    multiValueHeaders: multiple(headers as Record<string, string>),
    multiValueQueryStringParameters: multiple(queryStringParameters as Record<string, string>),
  }
}

/** Every way in which a request is handed over. */
export const GATEWAYS: Record<string, (request: GatewayRequest) => GatewayEvent> = {
  'an HTTP API': gatewayEvent,
  'a function URL': functionUrlEvent,
  'a REST API': restEvent,
  'a load balancer': albEvent,
  'a load balancer with multi-value headers': multiValueAlbEvent,
}
