import { createArchiveSink } from '@viewbeat/sinks'
import { memoryArchive } from './memoryArchive.ts'
import type { OpenedStore, Surroundings } from './openSink.ts'
import { readArchive, repeatArchive } from './readArchive.ts'

/** The archive: its sink over objects in memory. */
export const openArchive = async ({ world: { time }, waver }: Surroundings): Promise<OpenedStore> => {
  const { store, objects } = memoryArchive(time, waver)
  return {
    start: (mortal, quarantine) =>
      createArchiveSink({ objects: { putObject: mortal(store.putObject) }, quarantine, now: time.epoch }),
    async read(done) {
      const { events, wrong } = readArchive(objects)
      return {
        events,
        views: undefined,
        wrong: [...wrong, ...(await repeatArchive(done, objects, time.epoch))],
      }
    },
  }
}
