import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What came of an invocation. */
export type Invocation = { ms: number } & ({ ok: true; answer: string } | { ok: false; error: string })

/** How a function failed to start. */
export interface InitError {
  /** What the runtime calls it in its header. */
  type: string | undefined
  errorMessage: string
}

interface Waiting {
  id: string
  event: string
  deadline: number
  givenAt: number
  done: (invocation: Invocation) => void
}

const VERSION = '/2018-06-01/runtime'
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:viewbeat-ingest'

const traceId = (now: number) =>
  `Root=1-${Math.floor(now / 1000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)};Parent=0000000000000001;Sampled=0`

/**
 * What Lambda offers to the process that runs a function: invocations one at a time, and places for their answers.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export const startRuntimeApi = async () => {
  const waiting: Waiting[] = []
  const given = new Map<string, Waiting>()
  let idle: ServerResponse | undefined
  let ready = (_: number) => {}
  /** When the function asked for its first invocation: it has started. Epoch ms. */
  const started = new Promise<number>((resolve) => {
    ready = resolve
  })
  let failInit = (_: InitError) => {}
  /** Resolves when the function fails to start. */
  const initError = new Promise<InitError>((resolve) => {
    failInit = resolve
  })

  const give = () => {
    const next = waiting[0]
    if (!idle || !next) return
    waiting.shift()
    given.set(next.id, next)
    next.givenAt = performance.now()
    idle
      .writeHead(200, {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Aws-Request-Id': next.id,
        'Lambda-Runtime-Deadline-Ms': String(next.deadline),
        'Lambda-Runtime-Invoked-Function-Arn': ARN,
        'Lambda-Runtime-Trace-Id': traceId(Date.now()),
      })
      .end(next.event)
    idle = undefined
  }

  const accept = (response: ServerResponse) =>
    response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}\n')

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.startsWith(VERSION) ? request.url.slice(VERSION.length) : ''
    if (request.method === 'GET' && path === '/invocation/next') {
      ready(Date.now())
      idle = response
      return give()
    }
    const body = await text(request)
    if (request.method === 'POST' && path === '/init/error') {
      const type = request.headers['lambda-runtime-function-error-type'] as string | undefined
      failInit({ type, errorMessage: (JSON.parse(body) as InitError).errorMessage })
      return accept(response)
    }
    const [, id, end] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? []
    const invocation = given.get(id ?? '')
    if (request.method !== 'POST' || !invocation) return response.writeHead(404).end()
    given.delete(invocation.id)
    const ms = performance.now() - invocation.givenAt
    invocation.done(end === 'response' ? { ok: true, answer: body, ms } : { ok: false, error: body, ms })
    return accept(response)
  }

  const server = createServer((request, response) => void answer(request, response))
  // The runtime holds its request for the next invocation for as long as there is none.
  server.requestTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    /** `AWS_LAMBDA_RUNTIME_API`. */
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    started,
    initError,
    /** Invokes the function once it is free; `time_ms` is how long it may take by its context. */
    invoke: (event: unknown, time_ms = 30_000) =>
      new Promise<Invocation>((done) => {
        const deadline = Date.now() + time_ms
        waiting.push({ id: randomUUID(), event: JSON.stringify(event), deadline, givenAt: 0, done })
        give()
      }),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** What Lambda offers to the process that runs a function. */
export type RuntimeApi = Awaited<ReturnType<typeof startRuntimeApi>>
