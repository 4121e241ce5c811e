import { createSearchSink } from '@viewbeat/sinks'
import { memoryIndex } from './memoryIndex.ts'
import type { OpenedStore, Surroundings } from './openSink.ts'
import { watchResends } from './watchResends.ts'

/** Search: its sink over an index in memory. */
export const openSearch = async ({ world, stream, waver, isRefused }: Surroundings): Promise<OpenedStore> => {
  const { time, weather, around, diceOf } = world
  const { wrong, onItem, onHandedIn } = watchResends(stream.items)
  const { index, read } = memoryIndex(weather.sinks.search, {
    ...around('search index'),
    waver,
    isRefused,
    onItem,
  })
  const { random } = diceOf('search sink')
  return {
    start: (mortal, quarantine) =>
      createSearchSink({
        index: {
          bulk: mortal(index.bulk),
          eventsOf: mortal(index.eventsOf),
          viewsOf: mortal(index.viewsOf),
        },
        quarantine,
        now: time.epoch,
        wait: mortal(time.sleep),
        random,
      }),
    onHandedIn,
    read: async () => ({ events: read.events(), views: read.views(), wrong }),
  }
}
