import { decodeBody } from '../../request/decodeBody.ts'

/** What can be said of bytes without showing what they say. */
export interface BytesSample {
  bytes: number
  /** The first of them, as hex. */
  head: string
  looks: string
}

const HEAD_BYTES = 16

const looksOf = (bytes: Buffer): string => {
  if (bytes.length === 0) return 'empty'
  if (bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) return 'text with a byte order mark'
  const text = bytes.toString('utf8')
  if (text.includes('\ufffd')) return 'no UTF-8'
  if (/^\s*[{[]/.test(text)) {
    try {
      JSON.parse(text)
      return 'JSON'
    } catch {
      return /[}\]]\s*$/.test(text) ? 'broken JSON' : 'JSON, cut off'
    }
  }
  return 'text'
}

/** Describes a body that could not be read: how large, how it begins, and what it looks like. */
export const describeBytes = (bytes: Buffer): BytesSample => {
  const head = bytes.subarray(0, HEAD_BYTES).toString('hex')
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes: bytes.length, head, looks: looksOf(bytes) }
  const inflated = decodeBody(bytes.toString('base64'), true)
  const looks = inflated.ok ? `gzip of ${looksOf(inflated.raw())}` : 'broken gzip'
  return { bytes: bytes.length, head, looks }
}
