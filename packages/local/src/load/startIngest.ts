import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHandler, type IngestDependencies, readKeyBook } from '@viewbeat/ingest-lambda'
import { createGateway } from '../gateway/createGateway.ts'

/** An ingest behind the local gateway, alone: no stream, no sinks. */
export interface AloneIngest {
  url: string
  stop: () => Promise<void>
}

/** Starts the ingest's handler behind the local gateway, on a free port. What is not given keeps and tells nothing. */
export const startIngest = async (given: Partial<IngestDependencies>): Promise<AloneIngest> => {
  const { keys } = readKeyBook({ pk_demo: { publisher: 'demo', origins: ['*'] } })!
  const handler = createHandler({
    keys: () => keys,
    putRecords: async () => ({ left: [], retried: 0 }),
    quarantine: { put: async () => {} },
    observer: { answered: () => {}, keysInTrouble: () => {} },
    now: Date.now,
    ...given,
  })
  const server = createServer(createGateway(handler))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
