import { flattenRecord } from '@viewbeat/schema'
import { createLedger } from '../consume/createLedger.ts'
import type { Write } from '../consume/createSink.ts'
import type { PlacedRecord } from '../consume/readRecords.ts'
import { isRefusal, nameOfRefusal } from './isRefusal.ts'
import type { Store } from './openStore.ts'

/** An event to store: its place in its record says which. */
interface Part {
  placed: PlacedRecord
  place: number
}

const toParts = (placed: PlacedRecord): Part[] =>
  placed.record.batch.events.map((_, place) => ({ placed, place }))

const seqOf = ({ placed, place }: Part) => placed.record.batch.events[place]!.seq

/**
 * Writes records into the embedded store in one transaction. Where the store refuses it for what is in it, halves are written
 * until the event at fault is alone, and only that one is refused.
 */
export const createStoreWrite =
  (store: Pick<Store, 'write'>): Write =>
  async (records) => {
    const ledger = createLedger('store')
    let reason: string | undefined

    const toEvents = (parts: Part[]) => {
      const events = new Map(
        [...new Set(parts.map(({ placed }) => placed))].map((placed) => [
          placed,
          flattenRecord(placed.record),
        ]),
      )
      return parts.map(({ placed, place }) => events.get(placed)![place]!)
    }
    const write = async (parts: Part[]): Promise<void> => {
      if (parts.length === 0) return
      try {
        await store.write(toEvents(parts))
      } catch (error) {
        const [first] = parts as [Part, ...Part[]]
        if (!isRefusal(error)) {
          reason = String((error as Error)?.message ?? error)
          for (const { placed } of parts) ledger.fail(placed)
        } else if (parts.length === 1) ledger.refuseEvent(first.placed, seqOf(first), nameOfRefusal(error))
        else {
          const middle = parts.length >> 1
          await write(parts.slice(0, middle))
          await write(parts.slice(middle))
        }
      }
    }
    await write(records.flatMap(toParts))
    return { ...ledger.written(), ...(reason !== undefined && { reason }) }
  }
