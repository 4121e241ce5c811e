import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { QuarantineEntry } from '@viewbeat/schema'

/**
 * A piece of an entry that is too large for one: with the entry's reasons, so that it can be counted by itself. Put
 * together in their order, the pieces of one `id` are the entry as gzipped JSON.
 */
export type EntryPart = Omit<QuarantineEntry, 'batch' | 'body_base64'> & {
  part: { id: string; index: number; count: number; gzip_base64: string }
}

/** What is left for the reasons and the names around a piece, bytes. */
const AROUND_BYTES = 64 * 1024

/** Most reasons that a piece repeats. */
const MAX_REASONS = 5

/**
 * The lines that an entry is written as where a line may have `maxBytes`: itself, or its parts. The same entry gives the
 * same parts, so that copies of it are known as such.
 */
export const toParts = (entry: QuarantineEntry, maxBytes: number): Buffer[] => {
  const line = Buffer.from(`${JSON.stringify(entry)}\n`)
  if (line.length <= maxBytes) return [line]
  const bytes = gzipSync(line)
  const id = createHash('sha256').update(line).digest('base64url')
  // Base64 makes four of three.
  const size = Math.floor(((maxBytes - AROUND_BYTES) * 3) / 4)
  const count = Math.ceil(bytes.length / size)
  const { batch: _, body_base64: __, seqs, ...around } = entry
  const rejections = entry.rejections
    .slice(0, MAX_REASONS)
    .map((rejection) => ({ ...rejection, message: rejection.message.slice(0, 500) }))
  return Array.from({ length: count }, (_, index) => {
    const piece = bytes.subarray(index * size, (index + 1) * size)
    const part: EntryPart = {
      ...around,
      rejections,
      part: { id, index, count, gzip_base64: piece.toString('base64') },
    }
    return Buffer.from(`${JSON.stringify(part)}\n`)
  })
}
