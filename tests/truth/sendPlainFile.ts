import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { root } from '../root.ts'
import type { createHolds } from './createHolds.ts'
import { STREAM } from './stream.ts'

const FILE = join(root, 'packages/local/sample/sample.mp4')

/** How long it lasts, ms. */
const FILE_MS = 30_000

/** Sends the part of the plain file that a request asks for, its bytes held at the place that the session says. */
export const sendPlainFile = async (
  { heldFrom, pass, take }: ReturnType<typeof createHolds>,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const status = take({ track: 'file', segment: 0 })
  if (status !== 200) return response.writeHead(status).end()
  const file = readFileSync(FILE)
  const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
  const end = to ? Number(to) + 1 : file.length
  // What lies at the front tells how to play the rest; the rest takes about as many bytes each second.
  const index = file.indexOf('mdat')
  const byteOf = (segment: number) =>
    Math.floor(index + ((file.length - index) * segment * STREAM.segment_ms) / FILE_MS)

  response.writeHead(request.headers.range ? 206 : 200, {
    'content-type': 'video/mp4',
    'content-length': end - Number(from),
    'accept-ranges': 'bytes',
    ...(request.headers.range && { 'content-range': `bytes ${from}-${end - 1}/${file.length}` }),
  })
  for (let sent = Number(from); sent < end && !response.destroyed; ) {
    const segment = heldFrom()
    const until = Math.max(sent, Math.min(end, Number.isFinite(segment) ? byteOf(segment) : end))
    response.write(file.subarray(sent, until))
    sent = until
    if (sent < end) await pass({ track: 'file', segment })
  }
  response.end()
}
