import { type DecodedRecord, decodeRecord } from '@viewbeat/schema'

/** The first moment whose year has five digits: no date of it can be written as others are. Epoch ms. */
const YEAR_10000 = 253_402_300_800_000

/** Decodes the base64 of a record. Its time has to be one, because stores name days by it. */
export const readRecord = (data: string): DecodedRecord => {
  const decoded = decodeRecord(Buffer.from(data, 'base64'))
  if (!decoded.ok) return decoded
  const { received_at } = decoded.record
  if (Number.isSafeInteger(received_at) && received_at >= 0 && received_at < YEAR_10000) return decoded
  const rejection = {
    code: 'unreadable',
    path: '/received_at',
    message: 'Expected epoch milliseconds',
  } as const
  return { ok: false, rejection }
}
