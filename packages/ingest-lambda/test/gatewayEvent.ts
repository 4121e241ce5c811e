import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import sample from '../fixtures/http-api-2.0.json' with { type: 'json' }

/**
 * A request as an HTTP API hands it over, built on the sample event of AWS's documentation.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const gatewayEvent = ({
  method = 'POST',
  path = '/v1/events',
  key = 'pk_demo',
  body,
  headers = {},
  base64 = false,
}: {
  method?: string
  path?: string
  key?: string | null
  body?: string | Buffer
  headers?: Record<string, string>
  base64?: boolean
} = {}): APIGatewayProxyEventV2 => {
  const { cookies: _, body: __, pathParameters: ___, ...rest } = sample as unknown as APIGatewayProxyEventV2
  return {
    ...rest,
    rawPath: path,
    rawQueryString: key === null ? '' : `key=${key}`,
    headers,
    ...(key !== null && { queryStringParameters: { key } }),
    requestContext: { ...rest.requestContext, http: { ...rest.requestContext.http, method, path } },
    ...(body !== undefined && { body: Buffer.from(body).toString(base64 ? 'base64' : 'utf8') }),
    isBase64Encoded: base64,
  }
}
