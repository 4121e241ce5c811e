import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Readable } from 'node:stream'
import { Hono } from 'hono'
import type { Faults } from '../faults/createFaults.ts'

const TYPES: Record<string, string> = {
  '.mp4': 'video/mp4',
  '.m4s': 'video/iso.segment',
  '.m3u8': 'application/vnd.apple.mpegurl',
}

/** Small, so that a held or slowed stream behaves like a network, not like a file. */
const CHUNK_BYTES = 4 * 1024

const readRange = (header: string | undefined, size: number) => {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? []
  if (from === undefined) return undefined
  const start = Number(from)
  const end = Math.min(to ? Number(to) : size - 1, size - 1)
  return { start, end, satisfiable: start <= end }
}

/** The sample video, with ranges, and with the faults that a network can have. */
export const mediaRoutes = (folder: string, faults: Faults) => {
  async function* read(path: string, start: number, end: number) {
    for await (const chunk of createReadStream(path, { start, end, highWaterMark: CHUNK_BYTES })) {
      await faults.mediaFlows(chunk.length)
      yield chunk as Uint8Array
    }
  }
  return new Hono().get('/:path{[A-Za-z0-9/_-]+\\.(mp4|m4s|m3u8)}', async (context) => {
    const path = join(folder, context.req.param('path'))
    const size = await stat(path).then(
      (file) => file.size,
      () => undefined,
    )
    if (size === undefined) return context.text('No such media', 404)
    if (path.endsWith('.m4s') && faults.failsSegment()) return context.text('Failed on purpose', 503)
    const range = readRange(context.req.header('range'), size)
    if (range && !range.satisfiable) return context.body(null, 416, { 'content-range': `bytes */${size}` })
    const { start, end } = range ?? { start: 0, end: size - 1 }
    return new Response(Readable.toWeb(Readable.from(read(path, start, end))) as ReadableStream, {
      status: range ? 206 : 200,
      headers: {
        'content-type': TYPES[extname(path)] as string,
        'content-length': String(end - start + 1),
        'accept-ranges': 'bytes',
        'cache-control': 'no-store',
        ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
      },
    })
  })
}
