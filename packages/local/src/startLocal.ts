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
import type { Quarantine } from '@viewbeat/schema'
import { createArchiveSink, createStoreSink, folderStore, openStore } from '@viewbeat/sinks'
import { Hono } from 'hono'
import { type LocalConfig, StartError } from './config.ts'
import { createFaults } from './faults/createFaults.ts'
import { faultRoutes } from './faults/faultRoutes.ts'
import { gatewayRoutes } from './gateway/gatewayRoutes.ts'
import { openCheckpoints } from './mapping/openCheckpoints.ts'
import { startMapping } from './mapping/startMapping.ts'
import { apiRoutes } from './pages/apiRoutes.ts'
import { mediaRoutes } from './pages/mediaRoutes.ts'
import { pageRoutes } from './pages/pageRoutes.ts'
import { startKinesis } from './stream/startKinesis.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const DRAIN_MS = 5000
const SILENCE_CHECK_MS = 30_000
const DRAIN_SPILL_EVERY_MS = 5000

/** The key and publisher of the demo. */
const KEYS: KeysDocument = { pk_demo: { publisher: 'demo', origins: ['*'] } }

/** The running pipeline. */
export interface LocalPipeline {
  url: string
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

/** Starts the whole pipeline: stream, sinks and their mappings, gateway, and pages once they are built. */
export const startLocal = async (
  { port, dataDir }: LocalConfig,
  pagesBuilt: Promise<unknown>,
  log: (message: string) => void,
): Promise<LocalPipeline> => {
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
    const stream = await startKinesis(join(dataDir, 'kinesis'))
    undo.push(() => stream.stop())

    const folder = folderQuarantine(join(dataDir, 'quarantine'))
    const quarantine: Quarantine = {
      async put(entries) {
        await folder.put(entries)
        await store.quarantine.put(entries)
      },
    }

    const objects = folderStore(join(dataDir, 'archive'))
    const sinks = {
      archive: createArchiveSink({ objects, quarantine }),
      store: createStoreSink({ store, quarantine }),
    }
    const map = async (name: keyof typeof sinks) => {
      const file = join(dataDir, 'checkpoints', `${name}.json`)
      const checkpoints = await openCheckpoints(file, stream.createdAt)
      return startMapping({ name, stream, sink: sinks[name], checkpoints, onFailure: quarantine, log })
    }
    const [toArchive, toStore] = await Promise.all([map('archive'), map('store')])
    undo.push(() => Promise.all([toArchive.drain(DRAIN_MS), toStore.drain(DRAIN_MS)]))

    const putRecords = kinesisPutRecords(createAws(stream.environment), stream.streamName)
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
        // The store is what people look at; the archive is better off with a second's worth in one object.
        toStore.wake()
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
    app.route('/v1', gatewayRoutes(handler))
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

    const silence = setInterval(
      () => void store.closeSilentViews().catch((error) => log(error.message)),
      SILENCE_CHECK_MS,
    )
    const spillDrain = setInterval(
      () => void drain().catch((error) => log(error.message)),
      DRAIN_SPILL_EVERY_MS,
    )
    undo.push(async () => {
      clearInterval(silence)
      clearInterval(spillDrain)
      const closed = once(server, 'close')
      server.close()
      await Promise.race([closed, sleep(1000)])
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
    return { url, stop }
  } catch (error) {
    server.close()
    await stop()
    throw error
  }
}
