import { crc32 } from 'node:zlib'

/** A file of an archive. */
export interface ZipEntry {
  name: string
  bytes: Buffer
}

/** 1 January 1980, 0:00: the first moment a zip can name. The same input is the same archive, whenever it is made. */
const TIME = { time: 0, date: 0x0021 }
const VERSION = 20
const NAMES_ARE_UTF8 = 0x0800
const STORED = 0

/** Unix, a plain file that everybody may read: what Lambda asks of a handler. */
const ATTRIBUTES = (0o100644 << 16) >>> 0
const MADE_ON_UNIX = (3 << 8) | VERSION

/** What both headers of an entry say. */
const describe = ({ name, bytes }: ZipEntry) => {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(VERSION, 0)
  fields.writeUInt16LE(NAMES_ARE_UTF8, 2)
  fields.writeUInt16LE(STORED, 4)
  fields.writeUInt16LE(TIME.time, 6)
  fields.writeUInt16LE(TIME.date, 8)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(bytes.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(Buffer.byteLength(name), 22)
  return fields
}

/**
 * A zip archive, stored and not deflated: what deflating gives differs from one zlib to the next, and half a megabyte is
 * not worth that. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3
 */
export const toZip = (entries: readonly ZipEntry[]): Buffer => {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const fields = describe(entry)
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, entry.bytes])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(ATTRIBUTES, 6)
    tail.writeUInt32LE(offset, 10)
    const made = Buffer.alloc(2)
    made.writeUInt16LE(MADE_ON_UNIX, 0)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), made, fields, tail, name]))
    files.push(file)
    offset += file.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(listed.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...files, listed, Buffer.from('PK\x05\x06'), end])
}
