import { resolve } from 'node:path'
import { UsageError } from '@viewbeat/ingest-lambda/cli'
import type { Quarantine } from '@viewbeat/schema'
import { readSearchEndpoint } from '../consume/config.ts'
import type { Sink } from '../consume/createSink.ts'
import { listenToSink, type Said } from './listenToSink.ts'

/** What is written into. */
export interface Target {
  sink: Sink
  /** What it is called in a checkpoint. */
  name: string
  said: Readonly<Said>
  close(): Promise<void>
}

/** What the command line and the environment say about a target. */
export interface TargetOptions {
  sink: string
  search?: string
  store?: string
}

const openSearch = async (url: string, quarantine: Quarantine, env: NodeJS.ProcessEnv): Promise<Target> => {
  const endpoint = readSearchEndpoint({ ...env, VIEWBEAT_SEARCH: url })
  const [{ openSearchIndex }, { createSearchSink }] = await Promise.all([
    import('../search/openSearchIndex.ts'),
    import('../search/createSearchSink.ts'),
  ])
  const index = openSearchIndex(endpoint)
  const { said, observer } = listenToSink()
  const sink = createSearchSink({ index, quarantine, now: Date.now, observer })
  return { sink, name: `search ${new URL(url).host}`, said, close: async () => void (await index.close()) }
}

const openStoreFile = async (file: string, quarantine: Quarantine): Promise<Target> => {
  // Each is megabytes to load, which the other does not need.
  const [{ openStore }, { createStoreSink }] = await Promise.all([
    import('../store/openStore.ts'),
    import('../store/createStoreSink.ts'),
  ])
  const store = await openStore(file).catch((error: Error) => {
    const why = /lock/i.test(error.message) ? 'in use: stop what has it open first' : error.message
    throw new UsageError(`--store ${file}: ${why}`)
  })
  const both: Quarantine = {
    async put(entries) {
      await quarantine.put(entries)
      await store.quarantine.put(entries)
    },
  }
  const { said, observer } = listenToSink()
  return {
    sink: createStoreSink({ store, quarantine: both, observer }),
    name: `store ${resolve(file)}`,
    said,
    close: () => store.close(),
  }
}

/** Opens what is to be written into. Throws `UsageError`. */
export const openTarget = (
  { sink, search, store }: TargetOptions,
  quarantine: Quarantine,
  env: NodeJS.ProcessEnv,
): Promise<Target> => {
  if (sink === 'store') {
    if (!store) throw new UsageError('--store <file>: name the DuckDB file')
    return openStoreFile(store, quarantine)
  }
  if (sink !== 'search') throw new UsageError(`--sink ${sink}: expected search or store`)
  const url = search ?? env.VIEWBEAT_SEARCH
  if (!url) throw new UsageError('--search <address>: name it, or set VIEWBEAT_SEARCH')
  return openSearch(url, quarantine, env)
}
