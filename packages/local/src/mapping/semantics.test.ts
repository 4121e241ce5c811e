import type { Sink } from '@viewbeat/sinks'
import type { KinesisStreamEvent } from 'aws-lambda'
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryCheckpoints, memoryStream, virtualMappingClock } from '../../test/memoryStream.ts'
import type { Discarded } from './discarded.ts'
import type { Checkpoints } from './openCheckpoints.ts'
import type { MappingSettings } from './settings.ts'
import { type Mapping, startMapping } from './startMapping.ts'

const HOUR_S = 3600
const DONE = { batchItemFailures: [] }

let time: ReturnType<typeof virtualMappingClock>
let stream: ReturnType<typeof memoryStream>
let checkpoints: Checkpoints
let discarded: Discarded[]
let logged: string[]
let invocations: string[][]
let done: string[]

beforeEach(() => {
  time = virtualMappingClock()
  stream = memoryStream(time.clock.now)
  stream.open('A')
  checkpoints = memoryCheckpoints()
  discarded = []
  logged = []
  invocations = []
  done = []
})

const textsOf = ({ Records }: KinesisStreamEvent) =>
  Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString())

const textsIn = ({ items }: Discarded) => items.map(({ data }) => Buffer.from(data).toString())

const start = (
  sink: Sink,
  settings: Partial<MappingSettings> = {},
  onFailure: (given: Discarded) => Promise<void> = async (given) => void discarded.push(given),
): Mapping =>
  startMapping({
    name: 'store',
    reader: stream.reader,
    sink: async (event, context) => {
      invocations.push(textsOf(event))
      return sink(event, context)
    },
    checkpoints,
    onFailure,
    onDone: (items) => void done.push(...items.map(({ sequenceNumber }) => sequenceNumber)),
    clock: time.clock,
    log: (message) => void logged.push(message),
    settings,
  })

/** Reads all there is within a day. */
const consume = async (...given: Parameters<typeof start>) => {
  const mapping = start(...given)
  const drained = mapping.drain(24 * HOUR_S * 1000)
  await time.pass(25 * HOUR_S * 1000)
  await drained
}

/** An answer that names these records of the batch. */
const failing = (event: KinesisStreamEvent, ...texts: string[]) => ({
  batchItemFailures: event.Records.filter((_, index) => texts.includes(textsOf(event)[index] as string)).map(
    ({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber }),
  ),
})

describe('batchSize', () => {
  it('is the most that an invocation gets', async () => {
    stream.put('A', '1', '2', '3', '4', '5')
    await consume(async () => DONE, { batchSize: 2 })
    expect(invocations).toEqual([['1', '2'], ['3', '4'], ['5']])
  })

  it('is cut where the payload would be over 6 MB', async () => {
    const large = () => Buffer.alloc(1_000_000, 'x')
    stream.put('A', large(), large(), large(), large(), large(), large())
    await consume(async () => DONE)
    expect(invocations.map((texts) => texts.length)).toEqual([4, 2])
  })
})

describe('maximumBatchingWindowInSeconds', () => {
  it('gathers records until it has passed', async () => {
    stream.put('A', '1')
    const mapping = start(async () => DONE, { maximumBatchingWindowInSeconds: 10 })
    await time.pass(5000)
    stream.put('A', '2')
    await time.pass(4900)
    expect(invocations).toEqual([])
    await time.pass(200)
    expect(invocations).toEqual([['1', '2']])
    mapping.crash()
  })

  it('ends early for a batch that is full', async () => {
    stream.put('A', '1', '2', '3')
    const mapping = start(async () => DONE, { maximumBatchingWindowInSeconds: 10, batchSize: 2 })
    await time.pass(1000)
    expect(invocations).toEqual([['1', '2']])
    await time.pass(10_000)
    expect(invocations).toEqual([['1', '2'], ['3']])
    mapping.crash()
  })
})

describe('parallelizationFactor', () => {
  /** Invocations that do not answer until they are told to. */
  const heldSink = () => {
    const held = new Map<string, () => void>()
    const sink: Sink = (event) =>
      new Promise((resolve) => {
        for (const text of textsOf(event)) held.set(text, () => resolve(DONE))
      })
    return { held, sink }
  }

  it('invokes for several partition keys at the same time, and for one of them in order', async () => {
    const { held, sink } = heldSink()
    const [a1, , b1] = stream.put('A', 'a:1', 'a:2', 'b:1', 'd:1')
    const mapping = start(sink, { parallelizationFactor: 10, batchSize: 1 })
    await time.pass(100)
    expect(held.has('a:2')).toBe(false)
    expect([...held.keys()].toSorted()).toEqual(['a:1', 'b:1', 'd:1'])

    held.get('b:1')?.()
    await time.pass(100)
    // What is before it in the shard is not done.
    expect(checkpoints.get('A')).toBeUndefined()
    held.get('a:1')?.()
    await time.pass(100)
    expect(held.has('a:2')).toBe(true)
    expect(checkpoints.get('A')).toBe(a1)
    held.get('a:2')?.()
    await time.pass(100)
    expect(checkpoints.get('A')).toBe(b1)
    mapping.crash()
  })

  it('reads ahead only so far of a key that is stuck', async () => {
    const { sink } = heldSink()
    stream.put('A', ...Array.from({ length: 100 }, (_, n) => `a:${n}`))
    const mapping = start(sink, { parallelizationFactor: 2, batchSize: 1, pollMs: 100 })
    await time.pass(10_000)
    expect(stream.state.reads).toHaveLength(1)
    mapping.crash()
  })
})

describe('a function error', () => {
  it('has the batch tried again as a whole without bisectBatchOnFunctionError', async () => {
    stream.put('A', '1', '2')
    await consume(
      async () => {
        if (invocations.length < 3) throw new Error('busy')
        return DONE
      },
      { bisectBatchOnFunctionError: false },
    )
    expect(invocations).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
    ])
  })

  it('has the batch split in two with it, until the poison stands alone; that uses up no retry', async () => {
    stream.put('A', '1', '2', 'poison', '4')
    await consume(
      async (event) => {
        if (textsOf(event).includes('poison')) throw new Error('always')
        return DONE
      },
      { maximumRetryAttempts: 0 },
    )
    expect(invocations).toEqual([['1', '2', 'poison', '4'], ['1', '2'], ['poison', '4'], ['poison'], ['4']])
    expect(discarded.map(textsIn)).toEqual([['poison']])
    expect(done).toEqual(['000001', '000002', '000003', '000004'])
    expect(discarded).toMatchObject([
      { shardId: 'A', condition: 'RetryAttemptsExhausted', invokeCount: 3, message: 'always' },
    ])
  })

  it('is tried maximumRetryAttempts times more, then the batch goes to the on-failure destination as it is', async () => {
    stream.put('A', '1', '2')
    await consume(
      async () => {
        throw new Error('always')
      },
      { maximumRetryAttempts: 3, bisectBatchOnFunctionError: false },
    )
    expect(invocations).toHaveLength(4)
    expect(discarded.map(textsIn)).toEqual([['1', '2']])
    expect(checkpoints.get('A')).toBe('000002')
  })

  it('with maximumRetryAttempts -1 is tried until the record is too old', async () => {
    stream.put('A', '1')
    await consume(
      async () => {
        throw new Error('always')
      },
      { maximumRetryAttempts: -1, maximumRecordAgeInSeconds: 60 },
    )
    expect(invocations.length).toBeGreaterThan(10)
    expect(discarded).toMatchObject([{ condition: 'RecordAgeExceeded', invokeCount: invocations.length }])
  })

  it('is also an invocation that takes too long; its late answer counts no more', async () => {
    stream.put('A', '1')
    let late = () => {}
    const mapping = start(
      () =>
        new Promise((resolve) => {
          if (invocations.length === 1) late = () => resolve(DONE)
          else resolve({ batchItemFailures: [{ itemIdentifier: '' }] })
        }),
      { timeoutMs: 3000, maximumRetryAttempts: 1 },
    )
    await time.pass(3100)
    late()
    await time.pass(1000)
    expect(invocations).toEqual([['1'], ['1']])
    expect(logged).toContain('store: Task timed out after 3.00 seconds')
    expect(discarded.map(textsIn)).toEqual([['1']])
    mapping.crash()
  })

  it('gets less time said the longer it takes', async () => {
    stream.put('A', '1')
    const remaining: (number | undefined)[] = []
    const mapping = start(
      async (_, context) => {
        remaining.push(context?.getRemainingTimeInMillis())
        await time.clock.sleep(400)
        remaining.push(context?.getRemainingTimeInMillis())
        return DONE
      },
      { timeoutMs: 1000 },
    )
    await time.pass(500)
    expect(remaining).toEqual([1000, 600])
    mapping.crash()
  })
})

describe('an invocation that is throttled', () => {
  it('is tried again until there is room, whatever maximumRetryAttempts says, and not split', async () => {
    stream.put('A', '1', '2')
    await consume(
      async () => {
        if (invocations.length < 30)
          throw Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' })
        return DONE
      },
      { maximumRetryAttempts: 0 },
    )
    expect(invocations).toHaveLength(30)
    expect(invocations.every((texts) => texts.length === 2)).toBe(true)
    expect(discarded).toEqual([])
  })
})

describe('maximumRecordAgeInSeconds', () => {
  it('keeps records from the function that are older, and only those', async () => {
    stream.put('A', 'old')
    await time.pass(61_000)
    stream.put('A', 'young')
    await consume(async () => DONE, { maximumRecordAgeInSeconds: 60 })
    expect(invocations).toEqual([['young']])
    expect(discarded.map(textsIn)).toEqual([['old']])
    expect(discarded).toMatchObject([{ condition: 'RecordAgeExceeded', invokeCount: 0 }])
    expect(checkpoints.get('A')).toBe('000002')
  })
})

describe('ReportBatchItemFailures', () => {
  it('goes on from the lowest of the records that are named', async () => {
    stream.put('A', '1', '2', '3', '4')
    await consume(async (event) => (invocations.length === 1 ? failing(event, '4', '2') : DONE))
    expect(invocations).toEqual([
      ['1', '2', '3', '4'],
      ['2', '3', '4'],
    ])
  })

  it('moves the checkpoint over what is before it at once', async () => {
    stream.put('A', '1', '2', '3')
    let before: string | undefined
    await consume(async (event) => {
      if (invocations.length === 1) return failing(event, '3')
      before = checkpoints.get('A')
      return DONE
    })
    expect(before).toBe('000002')
  })

  it('isolates a record that is named each time, and hands the others over once more at most', async () => {
    stream.put('A', '1', '2', 'poison', '4', '5')
    await consume(async (event) => failing(event, 'poison'), { maximumRetryAttempts: 1 })
    expect(invocations).toEqual([
      ['1', '2', 'poison', '4', '5'],
      ['poison', '4', '5'],
      ['poison', '4'],
      ['poison'],
      ['poison'],
      ['4'],
      ['5'],
    ])
    expect(discarded.map(textsIn)).toEqual([['poison']])
  })

  it.each([
    ['an empty list', { batchItemFailures: [] }],
    ['a null list', { batchItemFailures: null }],
    ['an empty answer', {}],
    ['no answer', null],
  ])('takes %s for complete success', async (_, answer) => {
    stream.put('A', '1', '2')
    await consume(async () => answer as never)
    expect(invocations).toEqual([['1', '2']])
    expect(checkpoints.get('A')).toBe('000002')
  })

  it.each([
    ['an empty identifier', { itemIdentifier: '' }],
    ['a null identifier', { itemIdentifier: null }],
    ['another key', { sequenceNumber: '000002' }],
    ['a number that is not of the batch', { itemIdentifier: '999999' }],
    ['nothing', null],
  ])('takes %s for complete failure', async (_, item) => {
    stream.put('A', '1', '2')
    await consume(async () => ({ batchItemFailures: [item] }) as never, {
      maximumRetryAttempts: 0,
      bisectBatchOnFunctionError: false,
    })
    expect(discarded.map(textsIn)).toEqual([['1', '2']])
  })

  it('is not read where functionResponseTypes does not name it', async () => {
    stream.put('A', '1', '2')
    await consume(async (event) => failing(event, '1'), { functionResponseTypes: [] })
    expect(invocations).toEqual([['1', '2']])
    expect(discarded).toEqual([])
  })
})

describe('the on-failure destination', () => {
  it('is asked until it takes what is given up; the shard waits and nothing is skipped', async () => {
    stream.put('A', 'poison', 'after')
    let refusals = 3
    await consume(
      async (event) => {
        if (textsOf(event).includes('poison')) throw new Error('always')
        return DONE
      },
      { maximumRetryAttempts: 0 },
      async (given) => {
        if (refusals-- > 0) throw new Error('disk full')
        discarded.push(given)
        expect(checkpoints.get('A')).toBeUndefined()
      },
    )
    expect(discarded.map(textsIn)).toEqual([['poison']])
    expect(invocations.at(-1)).toEqual(['after'])
  })
})

describe('startingPosition', () => {
  const read = async (settings: Partial<MappingSettings>) => {
    stream.put('A', 'early')
    await time.pass(60_000)
    checkpoints = memoryCheckpoints(time.clock.now())
    stream.put('A', 'late')
    await consume(async () => DONE, settings)
    return invocations.flat()
  }

  it('TRIM_HORIZON begins with the oldest record', async () => {
    expect(await read({ startingPosition: 'TRIM_HORIZON' })).toEqual(['early', 'late'])
  })

  it('LATEST begins with what comes after the mapping first began', async () => {
    expect(await read({ startingPosition: 'LATEST' })).toEqual(['late'])
  })

  it('AT_TIMESTAMP begins at that second', async () => {
    const startingPositionTimestamp = time.clock.now() / 1000 + 30
    expect(await read({ startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp })).toEqual(['late'])
  })
})

describe('a shard that was split', () => {
  it('is done to its end, the on-failure destination included, before its children are read', async () => {
    stream.put('A', 'a:1', 'a:poison')
    stream.close('A')
    stream.open('B', 'A')
    stream.open('C', 'A')
    stream.put('B', 'a:2')
    stream.put('C', 'c:1')
    await consume(
      async (event) => {
        if (textsOf(event).includes('a:poison')) throw new Error('always')
        return DONE
      },
      { maximumRetryAttempts: 5 },
    )
    const order = invocations.map((texts) => texts.join())
    expect(order.indexOf('a:2')).toBeGreaterThan(order.lastIndexOf('a:poison'))
    expect(order).toContain('c:1')
    expect(checkpoints.isFinished('A')).toBe(true)
    expect(checkpoints.isFinished('B')).toBe(false)
  })

  it('is not read again after a restart', async () => {
    stream.put('A', '1')
    stream.close('A')
    stream.open('B', 'A')
    await consume(async () => DONE)
    stream.state.reads = []
    stream.put('B', '2')
    await consume(async () => DONE)
    expect(invocations).toEqual([['1'], ['2']])
    expect(stream.state.reads).not.toContain('A')
  })

  it('is found while the mapping runs', async () => {
    const mapping = start(async () => DONE)
    stream.put('A', '1')
    await time.pass(5000)
    stream.open('B', 'A')
    stream.close('A')
    stream.put('B', '2')
    await time.pass(5000)
    expect(invocations).toEqual([['1'], ['2']])
    mapping.crash()
  })
})

describe('shards that were merged', () => {
  it('are both done before what they became is read', async () => {
    stream.open('B')
    stream.put('A', 'a:1')
    stream.put('B', 'b:1')
    stream.close('A')
    stream.close('B')
    stream.open('C', 'A', 'B')
    stream.put('C', 'a:2', 'b:2')
    await consume(
      async (event) => {
        if (invocations.length < 6 && textsOf(event).includes('b:1')) throw new Error('busy')
        return DONE
      },
      { maximumRetryAttempts: 10 },
    )
    expect(invocations.at(-1)).toEqual(['a:2', 'b:2'])
    expect(discarded).toEqual([])
  })

  it('need not be there any more', async () => {
    stream.open('C', 'gone', 'A')
    stream.close('A')
    stream.put('C', '1')
    await consume(async () => DONE)
    expect(invocations).toEqual([['1']])
  })
})

describe('a mapping that is killed', () => {
  it('asks, tells and saves nothing any more, and what was under way comes again', async () => {
    stream.put('A', '1', '2')
    let answer = () => {}
    const mapping = start(
      () =>
        new Promise((resolve) => {
          answer = () => resolve(DONE)
        }),
    )
    await time.pass(10)
    mapping.crash()
    answer()
    await time.pass(HOUR_S * 1000)
    expect(checkpoints.get('A')).toBeUndefined()
    expect(done).toEqual([])
    expect(invocations).toHaveLength(1)
    await consume(async () => DONE)
    expect(invocations).toEqual([
      ['1', '2'],
      ['1', '2'],
    ])
  })
})

describe('a fault of the stream or of the checkpoints', () => {
  it('is told, and costs a poll or a delivery, no record', async () => {
    stream.put('A', '1')
    stream.state.fail = new Error('iterator expired')
    const { set } = checkpoints
    let refusals = 1
    checkpoints.set = async (...given) => {
      if (refusals-- > 0) throw new Error('disk full')
      await set(...given)
    }
    const mapping = start(async () => DONE)
    await time.pass(2000)
    stream.put('A', '2')
    await time.pass(2000)
    expect(invocations).toEqual([['1'], ['2']])
    expect(logged).toEqual(['store: A: iterator expired', 'store: A: checkpoint: disk full'])
    expect(checkpoints.get('A')).toBe('000002')
    mapping.crash()
  })
})

describe('draining', () => {
  it('reads what is left and ends; what it has no time for stays', async () => {
    stream.put('A', '1')
    const mapping = start(async () => {
      await time.clock.sleep(60_000)
      return DONE
    })
    const drained = mapping.drain(5000)
    await time.pass(5000)
    await drained
    await time.pass(HOUR_S * 1000)
    expect(invocations).toEqual([['1']])
  })

  it('does not wait for the next poll, and neither does waking', async () => {
    const mapping = start(async () => DONE, { pollMs: 60_000 })
    await time.pass(1000)
    stream.put('A', '1')
    mapping.wake()
    await time.pass(1)
    expect(invocations).toEqual([['1']])
    stream.put('A', '2')
    void mapping.drain(1000)
    await time.pass(1)
    expect(invocations).toEqual([['1'], ['2']])
  })
})

describe('settings that Lambda would refuse', () => {
  it.each([
    [{ batchSize: 0 }, 'batchSize'],
    [{ batchSize: 10_001 }, 'batchSize'],
    [{ maximumBatchingWindowInSeconds: 301 }, 'maximumBatchingWindowInSeconds'],
    [{ parallelizationFactor: 11 }, 'parallelizationFactor'],
    [{ maximumRetryAttempts: -2 }, 'maximumRetryAttempts'],
    [{ maximumRecordAgeInSeconds: 59 }, 'maximumRecordAgeInSeconds'],
    [{ startingPosition: 'AT_TIMESTAMP' as const }, 'startingPositionTimestamp'],
  ])('are refused here too: %o', (settings, name) => {
    expect(() => start(async () => DONE, settings)).toThrow(name)
  })
})
