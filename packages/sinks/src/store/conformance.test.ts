import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { QuarantineEntry } from '@viewbeat/schema'
import { conforms } from '../../test/conformance.ts'
import { createStoreSink } from './createStoreSink.ts'
import { openStore } from './openStore.ts'

conforms('the embedded store', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'viewbeat-store-')), 'viewbeat.duckdb')
  const now = () => 1790000040000
  const store = await openStore(file, now)
  const quarantined: QuarantineEntry[] = []
  const quarantine = { put: async (entries: QuarantineEntry[]) => void quarantined.push(...entries) }
  return {
    sink: createStoreSink({ store, quarantine, now }),
    quarantined,
    readEvents: async (viewId) =>
      ((await store.readView(viewId))?.events ?? []).map(({ stored_at, ...event }) => event),
    readView: async (viewId) => (await store.readView(viewId))?.view,
    close: () => store.close(),
  }
})
