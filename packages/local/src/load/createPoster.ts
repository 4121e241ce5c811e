import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { urlToHttpOptions } from 'node:url'

/** What came of a request. */
export interface Posted {
  status: number
  retryAfterMs: number
  text: string
}

/** The SDK's own patience. */
const TIMEOUT_MS = 35_000

const readAll = (response: IncomingMessage) =>
  new Promise<string>((resolve, reject) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      text += chunk
    })
    response.on('end', () => resolve(text))
    response.on('error', reject)
  })

/**
 * Posts over connections that are kept, at most `connections` at once; what comes meanwhile waits. Node's own client, because
 * `fetch` makes a Request, a Response and two streams of each.
 */
export const createPoster = (url: string, connections: number) => {
  const isTls = url.startsWith('https:')
  const options = { keepAlive: true, maxSockets: connections, scheduling: 'fifo' as const }
  const agent = isTls ? new HttpsAgent(options) : new HttpAgent(options)
  const open = isTls ? httpsRequest : httpRequest
  // Once, not for each request.
  const target = urlToHttpOptions(new URL(url))
  return {
    post: (body: string | Buffer, headers: Record<string, string>) =>
      new Promise<Posted>((resolve, reject) => {
        const outgoing = open(
          {
            ...target,
            method: 'POST',
            agent,
            timeout: TIMEOUT_MS,
            headers: { ...headers, 'content-length': Buffer.byteLength(body) },
          },
          (response) => {
            readAll(response).then((text) => {
              const retryAfterMs = Number(response.headers['retry-after']) * 1000 || 0
              resolve({ status: response.statusCode ?? 0, retryAfterMs, text })
            }, reject)
          },
        )
        outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')))
        outgoing.on('error', reject)
        outgoing.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** A way to post. */
export type Poster = ReturnType<typeof createPoster>
