import {
  createDrain,
  createHandler,
  createKeySource,
  createSpill,
  kinesisPutRecords,
  powertoolsObserver,
  type SpillObjects,
} from '@viewbeat/ingest-lambda'
import { vi } from 'vitest'
import { powertoolsDrainObserver } from '../../../ingest-lambda/src/observe/powertoolsDrainObserver.ts'
import { gatewayEvent } from '../../../ingest-lambda/test/gatewayEvent.ts'
import everyType from '../../../schema/vectors/1.0/valid/every-type.json' with { type: 'json' }
import { createArchiveSink } from '../../../sinks/src/archive/createArchiveSink.ts'
import { powertoolsSinkObserver } from '../../../sinks/src/consume/powertoolsSinkObserver.ts'
import { createSearchSink } from '../../../sinks/src/search/createSearchSink.ts'
import type { BulkItem, SearchIndex } from '../../../sinks/src/search/searchIndex.ts'
import { createReader, type MappingProperties, type Streamed } from './createReader.ts'
import { type Datapoint, readEmf } from './readEmf.ts'

/** What is wrong with the world now. */
export interface Faults {
  /** Of each call of PutRecords, the share of records that the stream throttles the first time they come. */
  throttledShare: number
  streamIsDown: boolean
  /** How long the stream takes to answer, ms. */
  streamTakes_ms: number
  spillIsDown: boolean
  quarantineIsDown: boolean
  keysAreUnreadable: boolean
  drainIsDead: boolean
  archiveIsDown: boolean
  /** Sinks whose mapping gives them nothing. */
  stopped: Set<string>
  /** How long OpenSearch takes to answer, ms. */
  searchTakes_ms: number
  /** Of each bulk call the share of operations that OpenSearch puts off the first time they come. */
  putOffShare: number
  searchIsDown: boolean
  /** Whether OpenSearch refuses the next event for good. */
  refusesNext: boolean
  onFailureIsDown: boolean
}

/** A batch that may be sent. */
export interface Sent {
  key?: string
  /** How many of its events are wrong. */
  wrong?: number
  /** Events that the SDK says it lost, of this view so far. */
  lost?: number
}

const MINUTE = 60_000
/** So many requests between looks at the stream: a look at each would take the test long and show nothing more. */
const READ_EVERY = 10
const START = Date.UTC(2026, 10, 22)

/** A bucket in memory. */
const memoryObjects = (faults: Faults): SpillObjects => {
  const objects = new Map<string, Buffer>()
  return {
    async put(name, body) {
      if (faults.spillIsDown) throw new Error('the bucket does not answer')
      objects.set(name, Buffer.from(body))
    },
    list: async (limit) => [...objects.keys()].toSorted().slice(0, limit),
    get: async (name) => objects.get(name)!,
    remove: async (name) => void objects.delete(name),
  }
}

/** OpenSearch in memory, as far as the search sink uses it for views with totals. */
const memoryIndex = (faults: Faults, pass: (ms: number) => void): SearchIndex => {
  const putOff = new Set<string>()
  const answer = (id: string): BulkItem => {
    if (faults.refusesNext) {
      faults.refusesNext = false
      return { status: 400, type: 'mapper_parsing_exception' }
    }
    // The same ones each time: what comes again is taken.
    const isChosen = faults.putOffShare > 0 && putOff.size % Math.round(1 / faults.putOffShare) === 0
    const isFirst = !putOff.has(id)
    putOff.add(id)
    return isChosen && isFirst ? { status: 429, type: 'rejected_execution_exception' } : { status: 201 }
  }
  return {
    async bulk(operations, timeoutMs) {
      if (faults.searchIsDown) {
        pass(timeoutMs)
        throw new Error('OpenSearch does not answer')
      }
      pass(faults.searchTakes_ms)
      return operations.map(({ id }) => answer(id))
    },
    eventsOf: async () => [],
    viewsOf: async () => [],
  }
}

/**
 * The real ingest, drain and sinks with their real observers, and around them a stream, a spill store, a quarantine and a keys
 * document that can be made to fail. Time is virtual. What the functions write to standard output is read as CloudWatch
 * would, and the gateway's count of answers is kept as API Gateway would send it.
 */
export const createWorld = (
  document: () => unknown,
  mappings: Record<'Archive' | 'Search', MappingProperties>,
) => {
  vi.useFakeTimers({ toFake: ['Date'], now: START })
  const faults: Faults = {
    throttledShare: 0,
    streamIsDown: false,
    streamTakes_ms: 5,
    spillIsDown: false,
    quarantineIsDown: false,
    keysAreUnreadable: false,
    drainIsDead: false,
    archiveIsDown: false,
    stopped: new Set(),
    searchTakes_ms: 20,
    putOffShare: 0,
    searchIsDown: false,
    refusesNext: false,
    onFailureIsDown: false,
  }
  const datapoints: Datapoint[] = []
  const answers: { at_ms: number; status: number }[] = []
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    for (const line of String(chunk).split('\n')) datapoints.push(...readEmf(line))
    return true
  })
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)

  const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms)
  let calls = 0
  const stream: Streamed[] = []
  const putRecords = kinesisPutRecords(
    {
      call: async <T>(_: string, __: string, input: string) => {
        if (faults.streamIsDown) throw new Error('the stream does not answer')
        pass(faults.streamTakes_ms)
        const { Records } = JSON.parse(input) as { Records: { Data: string }[] }
        // Every so many calls: what comes again is taken.
        const isThrottled = faults.throttledShare > 0 && calls++ % Math.round(1 / faults.throttledShare) === 0
        if (!isThrottled)
          for (const { Data } of Records)
            stream.push({ data: Buffer.from(Data, 'base64'), at_ms: Date.now() })
        return {
          Records: Records.map(() =>
            isThrottled ? { ErrorCode: 'ProvisionedThroughputExceededException' } : {},
          ),
        } as T
      },
    },
    'stream',
    { now: Date.now, random: () => 0.5, wait: async (ms) => pass(ms) },
  )
  const quarantine = {
    put: async () => {
      if (faults.quarantineIsDown) throw new Error('the delivery stream does not answer')
    },
  }
  const observer = powertoolsObserver(Date.now)
  const objects = memoryObjects(faults)
  const handle = createHandler({
    keys: createKeySource({
      load: async () => {
        if (faults.keysAreUnreadable) throw new Error('the parameter cannot be read')
        return document()
      },
      refresh_ms: MINUTE,
      now: Date.now,
      onTrouble: observer.keysInTrouble,
    }),
    putRecords,
    spill: createSpill(objects, Date.now),
    quarantine,
    observer,
    now: Date.now,
  })
  const drain = createDrain({
    objects,
    putRecords,
    quarantine,
    observe: powertoolsDrainObserver(),
    now: Date.now,
  })

  const archive = createArchiveSink({
    objects: {
      async putObject() {
        pass(50)
        if (faults.archiveIsDown) throw new Error('the bucket does not answer')
      },
    },
    quarantine,
    now: Date.now,
    observer: powertoolsSinkObserver('viewbeat-archive'),
  })
  const search = createSearchSink({
    index: memoryIndex(faults, pass),
    quarantine,
    now: Date.now,
    wait: async (ms) => pass(ms),
    random: () => 0.5,
    observer: powertoolsSinkObserver('viewbeat-search'),
  })
  const readers = Object.entries({ Archive: archive, Search: search }).map(([id, sink]) => ({
    id,
    read: createReader({
      id,
      sink,
      mapping: mappings[id as keyof typeof mappings],
      stream,
      send: (datapoint) => void datapoints.push(datapoint),
      destinationTakes: () => !faults.onFailureIsDown,
    }),
  }))
  /** Sinks run beside the ingest: the time that they take is not the ingest's. */
  const readStream = async () => {
    for (const { id, read } of readers) {
      const before = Date.now()
      if (!faults.stopped.has(id)) await read()
      vi.setSystemTime(before)
    }
  }

  let views = 0
  const toBody = ({ wrong = 0, lost = 0 }: Sent) => {
    const view_id = `01J${String(views++).padStart(23, '0')}`
    return JSON.stringify({
      ...everyType,
      view_id,
      sent_at: Date.now(),
      dropped: { queue_full: lost },
      events: everyType.events.map((event, index) => (index < wrong ? { ...event, t_ms: 'soon' } : event)),
    })
  }

  return {
    faults,
    datapoints,
    answers,
    stream,
    now: Date.now,
    /** Minutes of traffic: so many batches in each, spread over it, and a run of the drain. */
    async live(minutes: number, perMinute: number, of: (index: number) => Sent = () => ({})) {
      for (let minute = 0; minute < minutes; minute++) {
        const began = Date.now()
        if (!faults.drainIsDead) await drain({}, { getRemainingTimeInMillis: () => 55_000 })
        for (let index = 0; index < perMinute; index++) {
          const due = began + ((index + 0.5) * MINUTE) / perMinute
          if (Date.now() < due) vi.setSystemTime(due)
          const sent = of(index)
          const { statusCode } = await handle(
            gatewayEvent({ body: toBody(sent), key: sent.key ?? 'pk_demo' }),
            {
              getRemainingTimeInMillis: () => 15_000,
            },
          )
          answers.push({ at_ms: Math.min(Date.now(), began + MINUTE - 1), status: statusCode })
          if (index % READ_EVERY === 0) await readStream()
        }
        vi.setSystemTime(began + MINUTE)
        await readStream()
      }
    },
    close() {
      stdout.mockRestore()
      vi.restoreAllMocks()
      vi.useRealTimers()
    },
  }
}

/** The world of an alarm test. */
export type World = ReturnType<typeof createWorld>
