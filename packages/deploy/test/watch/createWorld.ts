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

/**
 * The real ingest and drain with their real observers, and around them a stream, a spill store, a quarantine and a keys
 * document that can be made to fail. Time is virtual. What the functions write to standard output is read as CloudWatch
 * would, and the gateway's count of answers is kept as API Gateway would send it.
 */
export const createWorld = (document: () => unknown) => {
  vi.useFakeTimers({ toFake: ['Date'], now: START })
  const faults: Faults = {
    throttledShare: 0,
    streamIsDown: false,
    streamTakes_ms: 5,
    spillIsDown: false,
    quarantineIsDown: false,
    keysAreUnreadable: false,
    drainIsDead: false,
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
  const putRecords = kinesisPutRecords(
    {
      call: async <T>(_: string, __: string, input: string) => {
        if (faults.streamIsDown) throw new Error('the stream does not answer')
        pass(faults.streamTakes_ms)
        const { Records } = JSON.parse(input) as { Records: unknown[] }
        // Every so many calls: what comes again is taken.
        const isThrottled = faults.throttledShare > 0 && calls++ % Math.round(1 / faults.throttledShare) === 0
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
        }
        vi.setSystemTime(began + MINUTE)
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
