import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { IngestHandler } from '@viewbeat/ingest-lambda'
import { Hono } from 'hono'
import { toGatewayEvent } from './toGatewayEvent.ts'

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024

/** A request's body, read as it comes; undefined as soon as it is too large. */
const readBody = async (incoming: IncomingMessage): Promise<Buffer | undefined> => {
  if (Number(incoming.headers['content-length']) > MAX_PAYLOAD_BYTES) return undefined
  const chunks: Buffer[] = []
  let size = 0
  // Who is refused still has to be answered on this connection.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > MAX_PAYLOAD_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** `/v1/*` in front of the ingest, as API Gateway would be. */
export const gatewayRoutes = (handler: IngestHandler) =>
  new Hono<{ Bindings: HttpBindings }>().all('/*', async (context) => {
    // Not by way of a web request: to make one costs more than all the rest of a gateway.
    const { incoming } = context.env
    const body = await readBody(incoming)
    if (!body)
      return context.json({ message: 'Request Entity Too Large' }, 413, {
        'access-control-allow-origin': '*',
      })
    const answer = await handler(
      toGatewayEvent({
        method: context.req.method,
        url: new URL(context.req.url),
        headers: incoming.headers,
        body,
        sourceIp: incoming.socket.remoteAddress ?? '',
      }),
    )
    return new Response(answer.body ?? null, { status: answer.statusCode, headers: answer.headers ?? {} })
  })
