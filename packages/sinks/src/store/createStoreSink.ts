import { flattenRecord, type Quarantine } from '@viewbeat/schema'
import { createSink, type Sink } from '../consume/createSink.ts'
import type { Store } from './openStore.ts'

/** Writes events and view records into the embedded store. */
export const createStoreSink = ({
  store,
  quarantine,
  now = Date.now,
}: {
  store: Pick<Store, 'write'>
  quarantine: Quarantine
  now?: () => number
}): Sink =>
  createSink({
    stage: 'store',
    quarantine,
    now,
    write: async (records) => {
      await store.write(records.flatMap(({ record }) => flattenRecord(record)))
      return { failed: [], refused: [] }
    },
  })
