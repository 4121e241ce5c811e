import {
  createDrain,
  createHandler,
  createSpill,
  type GatewayEvent,
  kinesisPutRecords,
  readKeyBook,
} from '@viewbeat/ingest-lambda'
import type { Quarantine } from '@viewbeat/schema'
import type { Chronicle } from './createChronicle.ts'
import type { Dice } from './createDice.ts'
import { createInstances } from './createInstances.ts'
import type { Stream } from './createStream.ts'
import type { Time } from './createTime.ts'
import type { memoryObjects } from './memoryObjects.ts'
import type { Weather } from './weather.ts'

/** What the ingest answers. */
export interface Answered {
  status: number
  retryAfterMs: number
  text: string
}

/** The function's own timeout, ms. */
const TIMEOUT_MS = 15_000

/** How often what was spilled is drained, and how long that may take, ms. */
const DRAIN_MS = 60_000

/** The ingest's function behind its gateway, and the one that drains its spill: as Lambda runs them, so they may die. */
export const createIngest = (
  weather: Pick<Weather, 'callLimits' | 'hasSpill' | 'ingestDies'>,
  {
    time,
    dice,
    chronicle,
    isStormy,
    stream,
    drainStream = stream,
    objects,
    quarantine,
  }: {
    time: Time
    dice: Dice
    chronicle: Chronicle
    isStormy: () => boolean
    stream: Pick<Stream, 'call'>
    /** The same stream, as the drain calls it. */
    drainStream?: Pick<Stream, 'call'>
    objects: ReturnType<typeof memoryObjects>
    quarantine: Quarantine
  },
) => {
  const now = time.epoch
  const { keys } = readKeyBook({ pk_demo: { publisher: 'demo', origins: ['*'] } })!

  const functions = createInstances((mortal) => {
    const aws = { call: mortal(stream.call) as Stream['call'] }
    const timing = { limits: weather.callLimits, now, random: dice.random, wait: mortal(time.sleep) }
    return createHandler({
      keys: () => keys,
      putRecords: kinesisPutRecords(aws, 'viewbeat', timing),
      spill: weather.hasSpill ? createSpill({ ...objects, put: mortal(objects.put) }, now) : undefined,
      quarantine: { put: mortal(quarantine.put) },
      observer: {
        answered({ spilled }) {
          if (spilled) chronicle.fault('spilled', `ingest: ${spilled} records spilled`)
        },
        keysInTrouble() {},
      },
      now,
    })
  })
  const drains = createInstances((mortal) => {
    const aws = { call: mortal(drainStream.call) as Stream['call'] }
    const timing = { limits: weather.callLimits, now, random: dice.random, wait: mortal(time.sleep) }
    const { put, list, get, remove } = objects
    return createDrain({
      objects: { put: mortal(put), list: mortal(list), get: mortal(get), remove: mortal(remove) },
      putRecords: kinesisPutRecords(aws, 'viewbeat', timing),
      quarantine: { put: mortal(quarantine.put) },
      now,
      observe: () => {},
    })
  })

  const dies = async (within: number, what: string, signal: AbortSignal) => {
    await time.sleep(dice.between(0, within), signal)
    if (!signal.aborted) chronicle.fault(`${what} died`, `${what}: an instance dies`)
    return new Error('Runtime exited')
  }
  const timesOut = async (ms: number, what: string, signal: AbortSignal) => {
    await time.sleep(ms, signal)
    if (!signal.aborted) chronicle.fault(`${what} timed out`, `${what}: an instance times out`)
    return new Error('Task timed out')
  }

  const run = async <Result>(
    what: string,
    timeout: number,
    dyingWithin: number | undefined,
    call: (death: Promise<Error>, left: () => number) => Promise<Result>,
  ) => {
    const began = time.now()
    const over = new AbortController()
    const death = Promise.race([
      timesOut(timeout, what, over.signal),
      ...(dyingWithin === undefined ? [] : [dies(dyingWithin, what, over.signal)]),
    ])
    try {
      return await call(death, () => timeout - (time.now() - began))
    } finally {
      over.abort()
    }
  }
  const mayDie = (within: number) => (isStormy() && dice.chance(weather.ingestDies) ? within : undefined)

  return {
    /** Answers as the gateway does: 502 where the function died. */
    async post(event: GatewayEvent): Promise<Answered> {
      try {
        const answer = await run('ingest', TIMEOUT_MS, mayDie(1000), (death, left) =>
          functions.invoke(death, event, { getRemainingTimeInMillis: left }),
        )
        const { statusCode: status, headers, body: text = '' } = answer
        return { status, text, retryAfterMs: Number(headers?.['retry-after']) * 1000 || 0 }
      } catch {
        return { status: 502, text: '', retryAfterMs: 0 }
      }
    },
    /** One run of the function that drains. */
    async drain() {
      try {
        await run('drain', DRAIN_MS, mayDie(3000), (death, left) =>
          drains.invoke(death, undefined, { getRemainingTimeInMillis: left }),
        )
      } catch (error) {
        chronicle.fault('drain failed', `drain: ${(error as Error).message}`)
      }
    },
  }
}

/** The ingest, as pages see it. */
export type Ingest = ReturnType<typeof createIngest>
