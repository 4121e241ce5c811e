import type { KinesisStreamEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { aRecord } from '../../test/streamEvent.ts'
import type { Sink } from '../consume/createSink.ts'
import { createStoreSink } from '../store/createStoreSink.ts'
import { type Delivery, deliver, UnavailableSinkError } from './deliver.ts'

const records = ['a', 'b', 'c', 'd'].map((name) => ({ name, record: aRecord() }))
const namesOf = ({ Records }: KinesisStreamEvent) =>
  Records.map(({ kinesis }) => kinesis.sequenceNumber).join('')

/** Ten minutes' patience, by a clock that only waiting moves. */
const patiently = (sink: Sink) => {
  const waits: number[] = []
  let clock = 0
  const delivery: Delivery = {
    sink,
    reason: () => undefined,
    patience_ms: 600_000,
    now: () => clock,
    wait: async (ms) => {
      clock += ms
      waits.push(ms)
    },
  }
  return { delivery, waits }
}

describe('deliver', () => {
  it('hands a sink again from the lowest record that it could not store', async () => {
    const seen: string[] = []
    const failing = ['c', 'c', 'd']
    const { delivery, waits } = patiently(async (event) => {
      seen.push(namesOf(event))
      const itemIdentifier = failing.shift()
      return { batchItemFailures: itemIdentifier ? [{ itemIdentifier }] : [] }
    })
    await deliver(delivery, records)
    expect(seen).toEqual(['abcd', 'cd', 'cd', 'd'])
    expect(waits).toEqual([500, 1000, 500])
  })

  it('gives up a store that is down for as long as its patience, and says why', async () => {
    let tries = 0
    const store = {
      write: async () => {
        tries++
        throw new Error('down')
      },
    }
    const sink = createStoreSink({ store: store as never, quarantine: { put: async () => {} } })
    const { delivery, waits } = patiently(sink)
    await expect(deliver({ ...delivery, reason: () => 'down' }, records)).rejects.toThrow(
      new UnavailableSinkError('down'),
    )
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(600_000)
    expect(tries).toBe(waits.length + 1)
  })

  it('has as much patience with each record as with the first', async () => {
    const failing = Array.from('aaaabbbbccccdddd')
    const { delivery, waits } = patiently(async () => {
      const itemIdentifier = failing.shift()
      return { batchItemFailures: itemIdentifier ? [{ itemIdentifier }] : [] }
    })
    await deliver({ ...delivery, patience_ms: 10_000 }, records)
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(10_000)
  })

  it('leaves a sink no more time than its patience, nor more than a minute', async () => {
    const times: number[] = []
    const { delivery } = patiently(async (_, context) => {
      times.push(context!.getRemainingTimeInMillis())
      return { batchItemFailures: [{ itemIdentifier: 'a' }] }
    })
    await expect(deliver({ ...delivery, patience_ms: 61_000 }, records)).rejects.toThrow()
    expect(times.slice(0, 3)).toEqual([60_000, 60_000, 59_500])
    expect(times.at(-1)).toBe(1000)
  })

  it('ends when the run is to end', async () => {
    const { delivery } = patiently(async () => ({ batchItemFailures: [{ itemIdentifier: 'a' }] }))
    const wait = () => Promise.reject(new Error('interrupted'))
    await expect(deliver({ ...delivery, wait }, records)).rejects.toThrow('interrupted')
  })
})
