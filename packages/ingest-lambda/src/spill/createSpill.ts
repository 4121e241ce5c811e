import { randomUUID } from 'node:crypto'
import type { OutgoingRecord } from '../records/toRecord.ts'
import type { SpillObjects } from './objects.ts'

/** Keeps records that the stream does not take until it does. Rejects when they are not safe. */
export type Spill = (records: readonly OutgoingRecord[]) => Promise<void>

/** Spills records as NDJSON, the lines that belong on the stream: `dt=YYYY-MM-DD/hour=HH/<epoch ms>-<uuid>.ndjson`. */
export const createSpill =
  (objects: SpillObjects, now: () => number): Spill =>
  async (records) => {
    const [day, time] = new Date(now()).toISOString().split('T') as [string, string]
    const name = `dt=${day}/hour=${time.slice(0, 2)}/${now()}-${randomUUID()}.ndjson`
    await objects.put(name, Buffer.concat(records.map(({ data }) => data)))
  }
