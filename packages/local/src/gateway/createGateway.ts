import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IngestHandler } from '@viewbeat/ingest-lambda'
import { toGatewayEvent } from './toGatewayEvent.ts'

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024

/** A request's body, read as it comes; undefined as soon as it is too large, or when its sender has gone. */
const readBody = (incoming: IncomingMessage) =>
  new Promise<Buffer | undefined>((resolve) => {
    if (Number(incoming.headers['content-length']) > MAX_PAYLOAD_BYTES) return resolve(undefined)
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_PAYLOAD_BYTES) chunks.push(chunk)
      // Who is refused still has to be answered on this connection.
      else resolve(undefined)
    })
    incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    incoming.on('error', () => resolve(undefined))
  })

/** What stands in front of the ingest. Resolves when the request is answered. */
export type Gateway = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>

/**
 * A gateway as API Gateway is: hands each request over as an event and gives back the answer. On Node's own request and
 * response: to make web ones of them costs as much as the ingest itself.
 */
export const createGateway =
  (handler: IngestHandler): Gateway =>
  async (incoming, outgoing) => {
    const body = await readBody(incoming)
    if (!body) {
      outgoing.writeHead(413, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
      outgoing.end('{"message":"Request Entity Too Large"}')
      return
    }
    const { statusCode, headers, body: text } = await handler(toGatewayEvent(incoming, body))
    if (text === undefined) outgoing.writeHead(statusCode, headers).end()
    else outgoing.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text)
  }
