import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import {
  createAws,
  createDrain,
  createHandler,
  createSpill,
  folderObjects,
  folderQuarantine,
  type KeysDocument,
  kinesisPutRecords,
  readKeyBook,
} from '@viewbeat/ingest-lambda'
import type { Quarantine, QuarantineEntry } from '@viewbeat/schema'
import {
  createArchiveSink,
  createSearchSink,
  createStoreSink,
  folderStore,
  openStore,
  type Sink,
} from '@viewbeat/sinks'
import { Hono } from 'hono'
import { type LocalConfig, StartError } from './config.ts'
import { createFaults } from './faults/createFaults.ts'
import { faultRoutes } from './faults/faultRoutes.ts'
import { createGateway } from './gateway/createGateway.ts'
import { gatewayRoutes } from './gateway/gatewayRoutes.ts'
import { journaledPut } from './journal/journaledPut.ts'
import { openJournal } from './journal/openJournal.ts'
import { putAgain } from './journal/putAgain.ts'
import { kinesisShardReader } from './mapping/kinesisShardReader.ts'
import { machineClock } from './mapping/machineClock.ts'
import { openCheckpoints } from './mapping/openCheckpoints.ts'
import { quarantineOnFailure } from './mapping/quarantineOnFailure.ts'
import { startMapping } from './mapping/startMapping.ts'
import { apiRoutes } from './pages/apiRoutes.ts'
import { mediaRoutes } from './pages/mediaRoutes.ts'
import { pageRoutes } from './pages/pageRoutes.ts'
import { startKinesis } from './stream/startKinesis.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const DRAIN_MS = 5000
const SILENCE_CHECK_MS = 30_000
const DRAIN_SPILL_EVERY_MS = 5000

/** After how many days OpenSearch forgets events. */
const SEARCH_DAYS = 30

/** How soon OpenSearch shows what was written: one person looks on here, who has just pressed play. */
const REFRESH_MS = 250

/** Most that may wait to be stored; beyond it records are spilled. */
const JOURNAL_BYTES = 64 * 1024 * 1024

/** The key and publisher of the demo. */
const KEYS: KeysDocument = { pk_demo: { publisher: 'demo', origins: ['*'] } }

/** The running pipeline. */
export interface LocalPipeline {
  url: string
  /** Resolves when its stream has ended by itself: nothing more is stored then, and only a new start helps. */
  broken: Promise<void>
  /** Takes no more requests, lets the sinks finish, and ends everything. */
  stop(): Promise<void>
}

const listen = async (server: ReturnType<typeof createAdaptorServer>, port: number) => {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new StartError(`PORT: ${port} is in use; set PORT to a free one`)
    throw error
  }
  return (server.address() as AddressInfo).port
}

const openStoreIn = (dataDir: string) =>
  openStore(join(dataDir, 'viewbeat.duckdb')).catch((error: Error) => {
    throw /lock/i.test(error.message)
      ? new StartError(`VIEWBEAT_DATA_DIR: ${dataDir} is in use by another process`)
      : error
  })

/** Runs again and again, never twice at once; answers how to end it. */
const repeat = (run: () => Promise<unknown>, everyMs: number, log: (message: string) => void) => {
  let isRunning = false
  const runOnce = async () => {
    if (isRunning) return
    isRunning = true
    try {
      await run()
    } catch (error) {
      log((error as Error).message)
    }
    isRunning = false
  }
  const timer = setInterval(() => void runOnce(), everyMs)
  return () => clearInterval(timer)
}

/** Opens an OpenSearch and puts its templates. Its client is loaded only for who asks for it. */
const openSearch = async (url: string, log: (message: string) => void) => {
  const { openSearchIndex, setUp } = await import('@viewbeat/sinks/search')
  const index = openSearchIndex({ url })
  try {
    for (const done of await setUp(index.client, { retentionDays: SEARCH_DAYS, refreshMs: REFRESH_MS }))
      log(`search: ${done}`)
  } catch (error) {
    await index.close()
    throw new StartError(`VIEWBEAT_SEARCH: ${new URL(url).origin}: ${(error as Error).message}`)
  }
  return index
}

/** Starts the whole pipeline: stream, sinks and their mappings, gateway, and pages once they are built. */
export const startLocal = async (
  { port, dataDir, search }: LocalConfig,
  pagesBuilt: Promise<unknown>,
  log: (message: string) => void,
): Promise<LocalPipeline> => {
  // Waited for below, where a build that has failed by then is thrown.
  pagesBuilt.catch(() => {})
  let answer: Hono['fetch'] = () => new Response('Starting', { status: 503, headers: { 'retry-after': '1' } })
  const server = createAdaptorServer({ fetch: (request, env) => answer(request, env) })
  const undo: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }

  try {
    // First, because a port in use should be said before anything is started.
    const url = `http://127.0.0.1:${await listen(server, port)}`
    const store = await openStoreIn(dataDir)
    undo.push(() => store.close())
    const stream = await startKinesis(join(dataDir, 'kinesis'), log)
    undo.push(() => stream.stop())

    const folder = folderQuarantine(join(dataDir, 'quarantine'))
    const quarantine: Quarantine = {
      async put(entries) {
        await folder.put(entries)
        await store.quarantine.put(entries)
      },
    }

    const objects = folderStore(join(dataDir, 'archive'))
    const index = search === undefined ? undefined : await openSearch(search, log)
    if (index) undo.push(() => index.close())
    const sinks: Partial<Record<QuarantineEntry['stage'], Sink>> = {
      archive: createArchiveSink({ objects, quarantine }),
      store: createStoreSink({ store, quarantine }),
      ...(index && { search: createSearchSink({ index, quarantine }) }),
    }
    const journal = await openJournal({
      folder: join(dataDir, 'journal'),
      consumers: Object.keys(sinks),
      maxBytes: JOURNAL_BYTES,
      log,
    })
    undo.push(() => journal.close())

    const map = async ([name, sink]: [string, Sink]) => {
      const file = join(dataDir, 'checkpoints', `${name}.json`)
      const checkpoints = await openCheckpoints(file, stream.createdAt)
      const mapping = startMapping({
        name,
        reader: kinesisShardReader({ ...stream, log: (message) => log(`${name}: ${message}`) }),
        sink,
        checkpoints,
        onFailure: quarantineOnFailure({
          stage: name as QuarantineEntry['stage'],
          quarantine,
          now: Date.now,
        }),
        onDone: (items) =>
          journal.settle(
            name,
            items.map(({ data }) => data),
          ),
        clock: machineClock,
        log,
      })
      return { name, ...mapping }
    }
    const mappings = await Promise.all(Object.entries(sinks).map(map))
    undo.push(() => Promise.all(mappings.map(({ drain }) => drain(DRAIN_MS))))
    // These are what people look at; the archive is better off with a second's worth in one object.
    const awake = mappings.filter(({ name }) => name !== 'archive')

    const putOnStream = kinesisPutRecords(createAws(stream.environment), stream.streamName)
    const stopping = new AbortController()
    const { now, sleep: pause } = machineClock
    const putting = putAgain({
      unsettled: journal.unsettled,
      put: putOnStream,
      now,
      sleep: pause,
      log,
      signal: stopping.signal,
    })
    undo.push(() => {
      stopping.abort()
      return putting
    })
    const putRecords = journaledPut(journal, putOnStream)
    const spillObjects = folderObjects(join(dataDir, 'spill'))
    const { keys } = readKeyBook(KEYS)!
    const handler = createHandler({
      keys: () => keys,
      quarantine,
      now: Date.now,
      observer: {
        answered: ({ failed, reason }) => {
          if (failed.length > 0) log(`ingest: ${failed.join(', ')} failed: ${reason}`)
        },
        keysInTrouble: () => {},
      },
      putRecords: async (records, deadline) => {
        const result = await putRecords(records, deadline)
        for (const { wake } of awake) wake()
        return result
      },
      spill: createSpill(spillObjects, Date.now),
    })
    const drain = createDrain({
      objects: spillObjects,
      putRecords,
      quarantine,
      now: Date.now,
      observe: ({ records }) => {
        if (records > 0) log(`${records} spilled records are on the stream now`)
      },
    })

    await pagesBuilt
    const faults = createFaults()
    const app = new Hono<{ Bindings: HttpBindings }>()
    app.use('/v1/*', (context, next) => {
      if (!faults.isCollectorDown()) return next()
      context.env.incoming.socket.destroy()
      return new Promise<never>(() => {})
    })
    app.route('/v1', gatewayRoutes(createGateway(handler)))
    app.route('/api', apiRoutes(store))
    app.route('/api/faults', faultRoutes(faults))
    app.route('/sample', mediaRoutes(join(root, 'packages/local/sample'), faults))
    app.route(
      '/',
      pageRoutes({
        dashboard: join(root, 'packages/dashboard/dist'),
        sdk: join(root, 'packages/player-sdk/dist'),
        examples: join(root, 'examples'),
      }),
    )
    answer = app.fetch as Hono['fetch']

    const stopClosing = repeat(() => store.closeSilentViews(), SILENCE_CHECK_MS, log)
    const stopDraining = repeat(drain, DRAIN_SPILL_EVERY_MS, log)
    undo.push(async () => {
      stopClosing()
      stopDraining()
      const closed = once(server, 'close')
      server.close()
      await Promise.race([closed, sleep(1000)])
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
    return { url, broken: stream.ended, stop }
  } catch (error) {
    server.close()
    await stop()
    throw error
  }
}
