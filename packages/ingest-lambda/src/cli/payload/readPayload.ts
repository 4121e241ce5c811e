import { decodeRecord, parseCmcd, type QuarantineEntry } from '@viewbeat/schema'
import { decodeBody } from '../../request/decodeBody.ts'
import { readBatches } from '../../request/readBatches.ts'

/** What an entry kept: batches where any can be read in it by now, and the bytes where it kept bytes. */
export interface Payload {
  /** As they came, not checked. */
  batches: unknown[]
  bytes?: Buffer
  /** Of a record that a sink refused: whose it is. */
  publisher?: string
}

const readBody = (base64: string): unknown[] => {
  const body = decodeBody(base64, true)
  if (!body.ok) return []
  const { text, raw } = body
  const read = readBatches(text, raw)
  if (!read) return parseCmcd(text).batches
  return read.map(({ input }) => input).filter((input) => input !== undefined)
}

/**
 * Reads what an entry kept, the way the ingest reads bodies today: what was unreadable when it came may be readable
 * after a fix.
 */
export const readPayload = ({ stage, batch, body_base64 }: QuarantineEntry): Payload => {
  if (batch !== undefined) return { batches: [batch] }
  if (body_base64 === undefined) return { batches: [] }
  const bytes = Buffer.from(body_base64, 'base64')
  if (stage === 'ingest') return { batches: readBody(body_base64), bytes }
  const decoded = decodeRecord(bytes)
  if (!decoded.ok) return { batches: [], bytes }
  const { batch: held, publisher } = decoded.record
  return { batches: [held], bytes, publisher }
}
