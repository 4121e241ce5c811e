import { setTimeout as sleep } from 'node:timers/promises'
import type { Quarantine } from '@viewbeat/schema'
import { createSink, type Sink } from '../consume/createSink.ts'
import type { SinkObserver } from '../consume/observer.ts'
import { createSearchWrite } from './createSearchWrite.ts'
import type { SearchIndex } from './searchIndex.ts'

/** Writes events and view records into a search index, to be found within seconds. */
export const createSearchSink = ({
  index,
  quarantine,
  now = Date.now,
  wait = sleep,
  random = Math.random,
  observer,
}: {
  index: SearchIndex
  quarantine: Quarantine
  /** Epoch ms. */
  now?: () => number
  /** Resolves after so many ms. */
  wait?: (ms: number) => Promise<unknown>
  /** From 0 up to 1. */
  random?: () => number
  observer?: SinkObserver
}): Sink =>
  createSink({
    stage: 'search',
    write: createSearchWrite({ index, now, wait, random }),
    quarantine,
    now,
    observer,
  })
