import { crc32 } from 'node:zlib'
import type { OutgoingRecord } from '@viewbeat/ingest-lambda'

/** A record as a line of the journal, with a checksum before it. */
export const toLine = ({ partitionKey, data }: OutgoingRecord): string => {
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
  const text = JSON.stringify([partitionKey, base64])
  return `${crc32(text)} ${text}\n`
}

/** The records of a file's whole lines. What comes after a line that was torn was never acknowledged. */
export const readLines = (bytes: Buffer): OutgoingRecord[] => {
  const records: OutgoingRecord[] = []
  for (const line of bytes.toString().split('\n').slice(0, -1)) {
    const space = line.indexOf(' ')
    const text = line.slice(space + 1)
    if (space < 1 || Number(line.slice(0, space)) !== crc32(text)) break
    const [partitionKey, base64] = JSON.parse(text) as [string, string]
    records.push({ partitionKey, data: Buffer.from(base64, 'base64') })
  }
  return records
}
