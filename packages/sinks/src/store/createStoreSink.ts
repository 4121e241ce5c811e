import type { Quarantine } from '@viewbeat/schema'
import { createSink, type Sink } from '../consume/createSink.ts'
import type { SinkObserver } from '../consume/observer.ts'
import { createStoreWrite } from './createStoreWrite.ts'
import type { Store } from './openStore.ts'

/** Writes events and view records into the embedded store. */
export const createStoreSink = ({
  store,
  quarantine,
  now = Date.now,
  observer,
}: {
  store: Pick<Store, 'write'>
  quarantine: Quarantine
  now?: () => number
  observer?: SinkObserver
}): Sink => createSink({ stage: 'store', write: createStoreWrite(store), quarantine, now, observer })
