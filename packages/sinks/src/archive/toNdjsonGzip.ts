import { gzipSync } from 'node:zlib'
import { flattenRecord, type StreamRecord } from '@viewbeat/schema'

/** The body of an object: a line for each event, a newline after each line, gzip. The same records give the same bytes. */
export const toNdjsonGzip = (records: StreamRecord[]): Buffer =>
  gzipSync(
    records
      .flatMap(flattenRecord)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  )
