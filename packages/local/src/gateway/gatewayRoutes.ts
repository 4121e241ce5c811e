import { getConnInfo } from '@hono/node-server/conninfo'
import type { IngestHandler } from '@viewbeat/ingest-lambda'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { toGatewayEvent } from './toGatewayEvent.ts'

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024

/** `/v1/*` in front of the ingest, as API Gateway would be. */
export const gatewayRoutes = (handler: IngestHandler) =>
  new Hono().all(
    '/*',
    bodyLimit({
      maxSize: MAX_PAYLOAD_BYTES,
      onError: (context) =>
        context.json({ message: 'Request Entity Too Large' }, 413, { 'access-control-allow-origin': '*' }),
    }),
    async (context) => {
      const { statusCode, headers, body } = await handler(
        toGatewayEvent({
          method: context.req.method,
          url: new URL(context.req.url),
          headers: context.req.raw.headers,
          body: Buffer.from(await context.req.arrayBuffer()),
          sourceIp: getConnInfo(context).remote.address ?? '',
        }),
      )
      return new Response(body ?? null, {
        status: statusCode ?? 200,
        headers: headers as Record<string, string>,
      })
    },
  )
