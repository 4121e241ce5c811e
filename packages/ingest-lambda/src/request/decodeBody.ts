import { gunzipSync } from 'node:zlib'
import { MAX_BODY_BYTES } from '@viewbeat/schema'

/** A request's body as bytes, or why there is none. `raw` is what came, for the quarantine. */
export type DecodedBody =
  | { ok: true; bytes: Buffer }
  | { ok: false; status: 400 | 413; message: string; raw: Buffer }

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b

/**
 * Undoes what the gateway and the sender did to a body: base64 by the gateway's flag, gzip by its magic bytes. Sizes
 * are capped before anything is allocated.
 */
export const decodeBody = (body: string | null | undefined, isBase64Encoded: boolean): DecodedBody => {
  const tooLarge = (raw: Buffer): DecodedBody => ({
    ok: false,
    status: 413,
    message: `Body larger than ${MAX_BODY_BYTES} bytes`,
    raw,
  })
  const none = Buffer.alloc(0)
  if (!body) return { ok: false, status: 400, message: 'Empty body', raw: none }
  if (body.length > MAX_BODY_BYTES * (isBase64Encoded ? 4 / 3 : 1) + 4) return tooLarge(none)
  const raw = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (raw.length > MAX_BODY_BYTES) return tooLarge(raw)
  if (!isGzip(raw)) return { ok: true, bytes: raw }
  try {
    return { ok: true, bytes: gunzipSync(raw, { maxOutputLength: MAX_BODY_BYTES }) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(raw)
    return { ok: false, status: 400, message: 'Body is not readable gzip', raw }
  }
}
