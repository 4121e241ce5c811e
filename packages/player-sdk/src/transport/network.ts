import { encode } from '../byteLength.ts'
import { attempt } from '../safely.ts'

/** What came of an attempt: its status, 0 for no answer, and the server's `Retry-After` in ms, 0 when it said none. */
export type Answer = [status: number, retryAfterMs: number]

/** The ways out of a page. */
export interface Network {
  /** Packs a body that has time, if it is worth it. Rejects where it cannot: the body then goes as it is. */
  pack(body: string): Promise<string | Blob>
  /** Posts a body; `keepalive`: it outlives the page. A rejection is no answer. */
  post(url: string, body: string | Blob, keepalive: boolean): Promise<Answer>
  /** Hands a body to the browser as the page goes; whether it will be sent, not whether it arrived. */
  beacon(url: string, body: string): boolean
  /**
   * Leaves a body with the browser, to be sent when the page is gone, however it went, in place of what was left before;
   * without a body that is only taken back. Whether the browser has room for it.
   */
  leave(url: string, body?: string): boolean
}

/** Longer than any answer of the ingest takes (API Gateway gives up after 30 s): giving up early makes duplicates. */
const TIMEOUT_MS = 35_000

/** A body below this is not worth the millisecond, characters. A lone heartbeat has some 800, and packed 500. */
const MIN_PACKED = 600

/**
 * The only type that a browser sends without a preflight and that API Gateway does not take for text, which would ruin
 * the bytes: it hands them over as base64. https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
const PACKED_TYPE = 'application/x-www-form-urlencoded'

/** Not in the typings yet. https://developer.mozilla.org/docs/Web/API/Window/fetchLater */
declare const fetchLater: undefined | ((url: string, init: RequestInit) => unknown)

const ignore = () => {}

const createAborter = () => (typeof AbortController === 'undefined' ? undefined : new AbortController())

/**
 * Plain text, no credentials, no header of our own: the browser asks no preflight, which at the closing of a tab would
 * never be followed by the request.
 */
const request = (
  body: string | Blob,
  keepalive: boolean,
  aborter: AbortController | undefined,
): RequestInit => ({
  method: 'POST',
  body,
  keepalive,
  credentials: 'omit',
  signal: aborter ? aborter.signal : null,
})

/** The browser's ways, one set for each transport. */
export const createNetwork = (): Network => {
  let left: AbortController | undefined
  return {
    async pack(body) {
      if (body.length < MIN_PACKED) return body
      const { readable, writable } = new CompressionStream('gzip')
      const writer = writable.getWriter()
      writer.write(encode(body)).catch(ignore)
      writer.close().catch(ignore)
      return new Response(readable, { headers: { 'content-type': PACKED_TYPE } }).blob()
    },
    async post(url, body, keepalive) {
      const aborter = createAborter()
      let timeout: ReturnType<typeof setTimeout> | undefined
      try {
        const { status, headers } = await Promise.race([
          fetch(url, request(body, keepalive, aborter)),
          // Beside the abort, because TVs without an AbortController would wait for ever and hold up all that follows.
          new Promise<never>((_, reject) => {
            timeout = setTimeout(() => {
              reject()
              if (aborter) aborter.abort()
            }, TIMEOUT_MS)
          }),
        ])
        return [status, Number(headers.get('retry-after')) * 1000 || 0]
      } finally {
        clearTimeout(timeout)
      }
    },
    beacon: (url, body) => attempt(() => navigator.sendBeacon(url, body), false),
    leave: (url, body) =>
      attempt(() => {
        if (typeof fetchLater === 'undefined') return true
        if (left) left.abort()
        left = body ? createAborter() : undefined
        if (body) fetchLater(url, request(body, false, left))
        return true
      }, false),
  }
}
