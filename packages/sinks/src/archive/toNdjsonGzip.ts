import type { StreamRecord } from '@viewbeat/schema'
import { openNdjsonGzip } from './openNdjsonGzip.ts'

/** The body of an object of records. The same records give the same bytes. Throws when one of them cannot be written. */
export const toNdjsonGzip = (records: Iterable<StreamRecord>): Buffer => {
  const body = openNdjsonGzip()
  for (const record of records) body.add(record)
  return body.end()
}
