import { once } from 'node:events'
import { type Agent, type IncomingMessage, request } from 'node:http'

/** What belongs to a connection or to the length of a body, and is made anew on the other side. */
const OWN = /^(host|connection|keep-alive|transfer-encoding|content-length)$/i

/** Header names and values as node gives them raw, without those of the connection. */
export const passedOn = (raw: readonly string[]): string[] => {
  const kept: string[] = []
  for (let index = 0; index < raw.length; index += 2)
    if (!OWN.test(raw[index]!)) kept.push(raw[index]!, raw[index + 1]!)
  return kept
}

/** Sends a request on to where the stream is, with this body, and resolves when the answer begins. */
export const forward = async (
  incoming: IncomingMessage,
  body: Buffer,
  upstream: URL,
  agent: Agent,
): Promise<IncomingMessage> => {
  const connection = ['host', upstream.host, 'content-length', String(body.length)]
  const outgoing = request(new URL(incoming.url ?? '/', upstream), {
    method: incoming.method ?? 'POST',
    headers: [...passedOn(incoming.rawHeaders), ...connection],
    agent,
  })
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  return answer
}
