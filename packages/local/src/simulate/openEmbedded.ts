import type { FlatEvent, ViewRecord } from '@viewbeat/schema'
import { createStoreSink, openStore, type Store } from '@viewbeat/sinks'
import { memoryStore, type Readable } from './memoryStore.ts'
import type { OpenedStore, Surroundings } from './openSink.ts'

const openDuckDb = async (
  now: () => number,
): Promise<Pick<Store, 'write'> & Readable & { close: () => Promise<void> }> => {
  const store = await openStore(':memory:', now)
  return {
    write: store.write,
    events: async (viewId) =>
      ((await store.readView(viewId))?.events ?? []).map(({ stored_at: _, ...event }) => event),
    view: async (viewId) => (await store.readView(viewId))?.view,
    close: store.close,
  }
}

/** The embedded store: its sink over DuckDB, or over what does the same in memory, twenty times as fast. */
export const openEmbedded =
  (hasDuckDb: boolean) =>
  async ({ world: { time }, stream, waver, isRefused }: Surroundings): Promise<OpenedStore> => {
    const store = hasDuckDb ? await openDuckDb(time.epoch) : { ...memoryStore(), close: async () => {} }
    const write = waver('write', async (events: FlatEvent[]) => {
      // All or nothing, as a transaction is, and in DuckDB's words.
      if (events.some(({ view_id, seq }) => isRefused(`${view_id}-${seq}`)))
        throw new Error('Conversion Error: a value that the column does not take')
      return time.during(() => store.write(events))
    })
    return {
      start: (mortal, quarantine) =>
        createStoreSink({ store: { write: mortal(write) }, quarantine, now: time.epoch }),
      async read() {
        const events: FlatEvent[] = []
        const views: ViewRecord[] = []
        for (const viewId of new Set(stream.items.map(({ partitionKey }) => partitionKey))) {
          events.push(...(await store.events(viewId)))
          const view = await store.view(viewId)
          if (view) views.push(view)
        }
        await store.close()
        return { events, views, wrong: [] }
      },
    }
  }
