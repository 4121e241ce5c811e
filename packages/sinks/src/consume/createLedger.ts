import { encodeRecord, type QuarantineEntry } from '@viewbeat/schema'
import type { Written } from './createSink.ts'
import type { PlacedRecord } from './readRecords.ts'

interface Refusal {
  placed: PlacedRecord
  /** The whole record is kept, whichever events of it are stored. */
  isWhole: boolean
  seqs: Set<number>
  messages: Set<string>
}

/**
 * The record cut down to what was refused of it, so that a re-drive can put it on the stream as it was. A whole record is
 * left to the sink, which has its bytes as they came: it may be refused because it cannot be written.
 */
const toEntry = (
  stage: QuarantineEntry['stage'],
  { placed, isWhole, seqs, messages }: Refusal,
): QuarantineEntry => {
  const { record, sequenceNumber } = placed
  const { batch, received_at, publisher } = record
  const cutDown = () => {
    const events = batch.events.filter(({ seq }) => seqs.has(seq))
    return Buffer.from(encodeRecord({ ...record, batch: { ...batch, events } })).toString('base64')
  }
  return {
    v: 1,
    stage,
    received_at,
    publisher,
    view_id: batch.view_id,
    rejections: [...messages].map((message) => ({ code: 'store_refused', path: '', message })),
    seqs: [...seqs],
    ...(!isWhole && { body_base64: cutDown() }),
    sequence_number: sequenceNumber,
  }
}

/** Notes what becomes of records while they are written. Messages are the store's names for faults, never a value. */
export const createLedger = (stage: QuarantineEntry['stage']) => {
  const failed = new Set<string>()
  const refusals = new Map<string, Refusal>()
  const refusalOf = (placed: PlacedRecord): Refusal => {
    const known = refusals.get(placed.sequenceNumber)
    if (known) return known
    const refusal = { placed, isWhole: false, seqs: new Set<number>(), messages: new Set<string>() }
    refusals.set(placed.sequenceNumber, refusal)
    return refusal
  }
  return {
    /** The record has to come again. */
    fail(placed: PlacedRecord) {
      failed.add(placed.sequenceNumber)
    },
    /** An event of the record is refused for good. */
    refuseEvent(placed: PlacedRecord, seq: number, message: string) {
      const { seqs, messages } = refusalOf(placed)
      seqs.add(seq)
      messages.add(message)
    },
    /** None of the record's events can be stored, ever. */
    refuseRecord(placed: PlacedRecord, message: string) {
      const refusal = refusalOf(placed)
      refusal.isWhole = true
      for (const { seq } of placed.record.batch.events) refusal.seqs.add(seq)
      refusal.messages.add(message)
    },
    /** What follows from the record is refused for good, such as its view; its events may be stored all the same. */
    refuseView(placed: PlacedRecord, message: string) {
      const refusal = refusalOf(placed)
      refusal.isWhole = true
      refusal.messages.add(message)
    },
    /** What became of them. A record that comes again is not refused yet, so that quarantine has it once and whole. */
    written: (): Pick<Written, 'failed' | 'refused'> => ({
      failed: [...failed],
      refused: [...refusals.values()]
        .filter(({ placed }) => !failed.has(placed.sequenceNumber))
        .map((refusal) => toEntry(stage, refusal)),
    }),
  }
}

/** Notes what becomes of records while they are written. */
export type Ledger = ReturnType<typeof createLedger>
