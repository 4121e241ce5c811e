import { gzipSync } from 'node:zlib'
import type { StreamRecord } from '@viewbeat/schema'
import { toLines } from '../consume/toLines.ts'

/**
 * Objects are kept for good, so bytes count; 6 makes them a hundredth to a twenty-fifth smaller for a quarter more time, 4 a
 * tenth larger for a tenth less. Figures: docs/archive.md.
 */
const LEVEL = 5

/** How much text is put together before it is written as bytes, in characters. */
const PIECE = 256 * 1024

/** How much text is held before it is compressed, in bytes. */
const MEMBER_BYTES = 4 * 1024 * 1024

/**
 * Begins the body of an object: a line for each event, a newline after each line, gzip. The same records give the same
 * bytes. A long one is several gzip members, one after the other, which every reader takes for one file
 * (https://www.rfc-editor.org/rfc/rfc1952#section-2.2), so that its text need not be held as a whole.
 */
export const openNdjsonGzip = () => {
  const members: Buffer[] = []
  let piece = ''
  let held: Buffer[] = []
  let heldBytes = 0
  let textBytes = 0
  const writePiece = () => {
    const bytes = Buffer.from(piece)
    piece = ''
    held.push(bytes)
    heldBytes += bytes.length
    textBytes += bytes.length
  }
  const closeMember = () => {
    members.push(gzipSync(Buffer.concat(held), { level: LEVEL }))
    held = []
    heldBytes = 0
  }
  return {
    /** Size of the text so far: bytes, or characters of what is not yet written as bytes. */
    get textSize() {
      return textBytes + piece.length
    },
    /** Throws, and adds nothing, when the record cannot be written: JSON can be read that nests too deep for that. */
    add(record: StreamRecord) {
      for (const line of toLines(record)) {
        piece += line
        if (piece.length >= PIECE) writePiece()
        if (heldBytes >= MEMBER_BYTES) closeMember()
      }
    },
    /** The whole body. */
    end(): Buffer {
      writePiece()
      if (heldBytes > 0 || members.length === 0) closeMember()
      return members.length === 1 ? members[0]! : Buffer.concat(members)
    },
  }
}
