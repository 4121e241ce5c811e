import { gzipSync } from 'node:zlib'
import type { Network } from '../../../player-sdk/src/transport/network.ts'
import type { Poster } from './createPoster.ts'

/** What is worth packing, characters: the SDK's own bound. */
const MIN_PACKED = 600

/** The same bytes for bodies of a few KB at a third of the time: most of it goes into making a large window. */
const SMALL = { windowBits: 13, memLevel: 5, chunkSize: 4096 }

/** What is told of each request. `text`: its body as it was before it was packed. */
export interface Traffic<Sent> {
  sent: (text: string, bytes: number) => Sent
  /** What `sent` said of the request, and its answer. Status 0: there was none. */
  answered: (sent: Sent, status: number, answer: string, ms: number) => void
}

/** A page's ways out, as a browser has them, over a poster that pages share. */
export const createPageNetwork = <Sent>(
  poster: Pick<Poster, 'post'>,
  page: { origin: string; userAgent: string },
  { sent, answered }: Traffic<Sent>,
): Network => {
  const texts = new Map<unknown, string>()
  const send = async (body: string | Buffer, text: string) => {
    const from = performance.now()
    const said = sent(text, Buffer.byteLength(body))
    const type = typeof body === 'string' ? 'text/plain;charset=UTF-8' : 'application/x-www-form-urlencoded'
    const headers = { 'content-type': type, origin: page.origin, 'user-agent': page.userAgent }
    try {
      const answer = await poster.post(body, headers)
      answered(said, answer.status, answer.text, performance.now() - from)
      return answer
    } catch (error) {
      answered(said, 0, '', performance.now() - from)
      throw error
    }
  }
  return {
    async pack(body) {
      if (body.length < MIN_PACKED) return body
      const packed = gzipSync(body, SMALL)
      texts.set(packed, body)
      // The transport asks only for its size.
      return Object.assign(packed, { size: packed.length }) as unknown as Blob
    },
    async post(_url, body) {
      const text = typeof body === 'string' ? body : texts.get(body)!
      texts.delete(body)
      const { status, retryAfterMs } = await send(body as unknown as string | Buffer, text)
      return [status, retryAfterMs]
    },
    beacon(_url, body) {
      send(body, body).catch(() => {})
      return true
    },
    leave: () => true,
  }
}
