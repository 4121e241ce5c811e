import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { type Batch, parseBatch } from '@viewbeat/schema'

/** One request as it came. */
export interface Received {
  /** ms since the collector started. */
  at: number
  method: string
  path: string
  /** Request line and headers, as HTTP/1.1 bytes. */
  headBytes: number
  bodyBytes: number
  headers: Record<string, string>
  /** How the browser sent it: `beacon` and `fetchLater` are `no-cors` or carry no page to answer to. */
  mode: string
  /** What was answered; undefined: nothing. */
  status?: number
  /** The batches that were taken: answered 202, or taken and the answer lost on purpose. */
  batches: Batch[]
}

/** What the collector does with a request that is no preflight. */
export type Behaviour =
  | { kind: 'accept'; afterMs?: number }
  | { kind: 'answer'; status: number; retryAfterS?: number }
  /** Never answers, and looks at nothing. */
  | { kind: 'hold' }
  /** Takes the batches once and cuts the connection instead of answering. */
  | { kind: 'loseOneAnswer' }

/**
 * A collector over TLS that speaks the contract of `POST /v1/events`, remembers bytes, headers and order, and misbehaves
 * as told. Whatever speaks the wire format can be tested against it.
 */
export const startCollector = async (certificate: { key: string; cert: string }) => {
  const started = performance.now()
  const received: Received[] = []
  const sockets = new Set<Duplex>()
  let behaviour: Behaviour = { kind: 'accept' }

  const readBody = async (request: IncomingMessage) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  }
  const parse = (body: Buffer): Batch[] => {
    const text = (body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).toString()
    return text.split('\n').map((line) => {
      const parsed = parseBatch(JSON.parse(line))
      if (!parsed.ok || parsed.rejected.length > 0) throw new Error(`refused: ${JSON.stringify(parsed)}`)
      return parsed.batch
    })
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const lines = request.rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 0)
    const entry: Received = {
      at: performance.now() - started,
      method: request.method!,
      path: request.url!,
      headBytes: `${request.method} ${request.url} HTTP/1.1\r\n`.length + lines + 2,
      bodyBytes: 0,
      headers: request.headers as Record<string, string>,
      mode: String(request.headers['sec-fetch-mode']),
      batches: [],
    }
    received.push(entry)
    const now = behaviour
    const body = await readBody(request)
    entry.bodyBytes = body.length
    const answer = (status: number, headers: Record<string, string | number> = {}) => {
      entry.status = status
      response.writeHead(status, {
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'retry-after',
        ...headers,
      })
      response.end('{}')
    }
    // Never allowed on purpose: an SDK that asks has lost.
    if (request.method !== 'POST') return answer(405)
    if (now.kind === 'answer')
      return answer(now.status, now.retryAfterS ? { 'retry-after': now.retryAfterS } : {})
    if (now.kind === 'hold') return
    entry.batches = parse(body)
    if (now.kind === 'loseOneAnswer') {
      behaviour = { kind: 'accept' }
      return request.socket.destroy()
    }
    if (now.afterMs) await sleep(now.afterMs)
    answer(202)
  }

  const server = createServer(certificate, (request, response) => {
    serve(request, response).catch((error) => {
      failures.push(String(error))
      response.destroy()
    })
  })
  const failures: string[] = []
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    const closed = new Promise((done) => server.close(done))
    for (const socket of sockets) socket.destroy()
    await closed
  }

  return {
    endpoint: `https://127.0.0.1:${port}/v1/events`,
    received,
    /** What a request could not be read or was refused for; none, if the SDK keeps the contract. */
    failures,
    behave(next: Behaviour) {
      behaviour = next
    },
    /** Refuses connections, open ones included, for a while. */
    async refuseFor(ms: number) {
      await close()
      await sleep(ms)
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    close,
  }
}

export type Collector = Awaited<ReturnType<typeof startCollector>>
