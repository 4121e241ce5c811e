import type { OutgoingRecord, Put } from '@viewbeat/ingest-lambda'
import type { Journal } from './openJournal.ts'

/** Puts records on the stream once they are in the journal. What the journal does not take is not put either. */
export const journaledPut =
  (journal: Pick<Journal, 'append' | 'forget'>, put: Put<OutgoingRecord>): Put<OutgoingRecord> =>
  async (records, deadline) => {
    try {
      const entries = await journal.append(records)
      const result = await put(records, deadline)
      const left = new Set(result.left)
      journal.forget(entries.filter((_, index) => left.has(records[index] as OutgoingRecord)))
      return result
    } catch (cause) {
      return { left: [...records], retried: 0, cause }
    }
  }
