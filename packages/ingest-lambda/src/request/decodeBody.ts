import { gunzipSync } from 'node:zlib'
import { MAX_BODY_BYTES } from '@viewbeat/schema'

/** A request's body as text, or why there is none. `raw` is what came, inflated, for the quarantine. */
export type DecodedBody =
  | { ok: true; text: string; raw: () => Buffer }
  | { ok: false; status: 400 | 413; message: string; raw: () => Buffer }

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b

/**
 * Undoes what the gateway and the sender did to a body: base64 by the gateway's flag, gzip by its magic bytes. Sizes
 * are capped before anything is allocated.
 */
export const decodeBody = (body: string | null | undefined, isBase64Encoded: boolean): DecodedBody => {
  const refuse = (status: 400 | 413, message: string, raw = Buffer.alloc(0)): DecodedBody => ({
    ok: false,
    status,
    message,
    raw: () => raw,
  })
  const tooLarge = () => refuse(413, `Body larger than ${MAX_BODY_BYTES} bytes`)
  if (!body) return refuse(400, 'Empty body')
  if (body.length > MAX_BODY_BYTES * (isBase64Encoded ? 4 / 3 : 1) + 4) return tooLarge()
  if (!isBase64Encoded)
    return Buffer.byteLength(body) > MAX_BODY_BYTES
      ? tooLarge()
      : { ok: true, text: body, raw: () => Buffer.from(body) }
  const raw = Buffer.from(body, 'base64')
  if (raw.length > MAX_BODY_BYTES) return tooLarge()
  if (!isGzip(raw)) return { ok: true, text: raw.toString('utf8'), raw: () => raw }
  try {
    const bytes = gunzipSync(raw, { maxOutputLength: MAX_BODY_BYTES })
    return { ok: true, text: bytes.toString('utf8'), raw: () => bytes }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge()
    return refuse(400, 'Body is not readable gzip', raw)
  }
}
